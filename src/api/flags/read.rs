//! `GET /v1/flags/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::flag::{FlagView, ReadFlag};

/// One of the agency's own flags: what an event `flag.reappeared` leads to. Says when and how the person came up again, to the
/// minute, and never where.
///
/// Action `flag.read`; scope `caseload.write`; purposes as for the list.
#[utoipa::path(
    get, path = "/v1/flags/{id}", operation_id = "read_flag", tag = "flags",
    params(("id" = String, Path, description = "The agency's own handle for the flag.")),
    responses(
        (status = 200, description = "The flag; its ETag is what a step needs", body = FlagView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_flag(request: Request) -> Answer<FlagView> {
    let (id, context) = (request.handle("id"), request.context());
    let (calendar, now) = (context.calendar.clone(), context.journal.now());
    request.disclose(ReadFlag { id, calendar, now }).await
}
