//! `GET /v1/release-plans/{id}/letter`

use super::print::print;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::release::{LetterView, ReadLetter};

/// The letter that the person carries out of the gate where nobody can come: where to go, when, and whom to ring, and nothing of why. As
/// JSON, or as a page to print where `Accept` prefers `text/html`. Only where the person said that a letter is safe; the service is named
/// only where the person said that it may be.
///
/// Action `release.read`, and `client.read` for the rule of safe contact; scope `caseload.write`.
#[utoipa::path(
    get, path = "/v1/release-plans/{id}/letter", operation_id = "read_release_letter", tag = "releases",
    params(
        ("id" = String, Path, description = "The agency's own handle of the plan."),
        ("Accept" = Option<String>, Header, description = "`text/html` for a page to print."),
    ),
    responses(
        (status = 200, description = "The letter", content((LetterView = "application/json"), (String = "text/html"))),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the release is over, or (`letter-not-safe` in `errors`) a letter is not safe"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_release_letter(request: Request) -> Answer<LetterView> {
    let id = request.handle("id");
    let journal = request.context().journal.clone();
    let write: fn(&LetterView) -> String = print;
    let print = request.prefers_page().then_some(write);
    request.disclose(ReadLetter { id, journal, print }).await
}
