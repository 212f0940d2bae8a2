//! `GET /v1/events`

use tokio::sync::mpsc;

use super::feed::Feed;
use crate::api::request::Request;
use crate::api::streamed::Streamed;
use crate::domain::event::{EventBatch, OpenEvents};
use crate::id::Handle;
use crate::journal::outcome::{Stop, Unavailable};
use crate::problem::{Problem, ProblemType};

/// After how many seconds to try again for who has as many streams as it may have.
const STREAM_RETRY_SECONDS: u64 = 15;

/// Tells the agency what has changed, from now on or from after `Last-Event-ID`, until the token ends, the agency or the worker is
/// suspended, or the gateway stops. An event names a resource of the agency's own and nothing of what it says. Whoever was away
/// for more than thirty days, or whose last event went with an erasure, is answered 404, opens a stream without the header, and
/// looks through its tasks.
///
/// The receipt of what came when the stream opened is in the headers. Each batch of events is followed by its own, in a block of two
/// comments, `:audit-receipt` and `:audit-openings`: it is about the bytes since the block before it, but for blocks `:`, which say
/// only that the connection lives.
///
/// Action `event.read`; scope `event.read`; purposes as for `/v1/tasks`.
#[utoipa::path(
    get, path = "/v1/events", operation_id = "read_events", tag = "tasks",
    params(("Last-Event-ID" = Option<String>, Header, description = "The `id` of the last event that was seen.")),
    responses(
        (status = 200, description = "Server-sent events; the data of each is a CloudEvent", body = crate::domain::event::CloudEvent,
            content_type = "text/event-stream"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted: none of this agency's events has that id, or not any more"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_events(request: Request) -> Result<Streamed<EventBatch>, Stop> {
    let Some(lease) = request.context().streams.lease(request.agency()) else {
        let problem =
            Problem { retry_after: Some(STREAM_RETRY_SECONDS), ..Problem::new(ProblemType::TooManyRequests) };
        return Err(request.refuse(problem).await);
    };
    let last = last_event_id(&request);
    let (journal, call) = (request.context.journal.clone(), request.call.clone());
    let principal = request.principal()?.clone();
    // Listened for before the place is read, so that nothing falls between.
    let news = journal.news();
    let opening = request.disclose(OpenEvents { last }).await?;
    let after = opening.next().and_then(|place| place.parse().ok()).ok_or(Unavailable)?;
    let (chunks, rest) = mpsc::channel(1);
    actix_web::rt::spawn(Feed { journal, call, principal, after, news, lease, chunks }.run());
    Ok(Streamed::new(opening, rest))
}

/// The header, if it was sent. One that has not the form of an id is one that nobody has.
fn last_event_id(request: &Request) -> Option<Handle> {
    let header = request.http.headers().get("last-event-id")?;
    Some(header.to_str().ok().and_then(|text| text.parse().ok()).unwrap_or_else(Handle::random))
}
