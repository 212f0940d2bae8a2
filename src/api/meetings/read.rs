//! `GET /v1/meeting-pages/{id}`

use super::print::print;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::meeting::{PageView, ReadPage};

/// A page of the pack, as JSON, or as a page to print where `Accept` prefers `text/html`. An agency that attends reads of it what the
/// person agrees now that it is told, for as long as she does.
///
/// Action `meeting.read`; scope `referral.read`; purpose `offender-management`.
#[utoipa::path(
    get, path = "/v1/meeting-pages/{id}", operation_id = "read_meeting_page", tag = "meetings",
    params(
        ("id" = String, Path, description = "The agency's own handle."),
        ("Accept" = Option<String>, Header, description = "`text/html` for a page to print."),
    ),
    responses(
        (status = 200, description = "The page", content((PageView = "application/json"), (String = "text/html"))),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_meeting_page(request: Request) -> Answer<PageView> {
    let id = request.handle("id");
    let write: fn(&PageView) -> String = print;
    let print = request.prefers_page().then_some(write);
    request.disclose(ReadPage { id, print }).await
}
