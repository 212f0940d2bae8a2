//! `GET /v1/matches/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::matching::{MatchView, ReadMatch};

/// A case: names, dates of birth, sex and numbers of both sides, and how far all else agrees. It names no agency and no address.
///
/// Action `match.read`; scope `match.read`; purpose `duplicate-check`; a matching officer of the operator, whose token names the case.
#[utoipa::path(
    get, path = "/v1/matches/{id}", operation_id = "read_match", tag = "matching",
    params(("id" = String, Path, description = "The desk's own handle.")),
    responses(
        (status = 200, description = "Both sides, and what was decided", body = MatchView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_match(request: Request) -> Answer<MatchView> {
    let id = request.handle("id");
    request.disclose(ReadMatch(id)).await
}
