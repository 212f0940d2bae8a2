//! `POST /v1/clients/{ref}/caseload-episodes`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::model::EpisodeOpened;
use crate::domain::caseload::{OpenEpisode, Opened};

/// Takes the client onto this agency's caseload. Whoever opens first leads provisionally, and whoever opens while another leads
/// contributes: the lead is agreed, never raced. To allocate a case manager at once, a caseload check must have been run; nothing
/// else waits for one.
///
/// Action `episode.write`; scope `caseload.write`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/caseload-episodes", operation_id = "open_caseload_episode", tag = "caseload",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = EpisodeOpened, example = json!({"admitted_on": "2026-06-01"})),
    responses(
        (status = 201, description = "The client is on the caseload", body = Opened),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "duplicate-caseload: the agency has an open episode for this person; invalid-transition: the case manager waits for a caseload check"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn open_caseload_episode(request: Request) -> Answer<Opened> {
    let client_ref = request.handle("ref");
    let (request, opened) = request.document::<EpisodeOpened>().await?;
    let calendar = request.context().calendar.clone();
    request.record(OpenEpisode { client_ref, opened, calendar }).await
}
