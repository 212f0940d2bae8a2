//! `GET /v1/release-plans/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::release::{ReadReleasePlan, ReleasePlanView};

/// One of this agency's own release plans, with who receives, what may go wrong, and whether care went on.
///
/// Action `release.read`; scope `caseload.write`.
#[utoipa::path(
    get, path = "/v1/release-plans/{id}", operation_id = "read_release_plan", tag = "releases",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The plan", body = ReleasePlanView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_release_plan(request: Request) -> Answer<ReleasePlanView> {
    let id = request.handle("id");
    let (calendar, journal) = (request.context().calendar.clone(), request.context().journal.clone());
    request.disclose(ReadReleasePlan { id, calendar, journal }).await
}
