//! `GET /v1/clients/{ref}/release-plans`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::release::{ListReleasePlans, ReleasePlanList};

/// This agency's own release plans for a client, oldest first.
///
/// Action `release.read`; scope `caseload.write`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/release-plans", operation_id = "list_release_plans", tag = "releases",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The plans", body = ReleasePlanList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_release_plans(request: Request) -> Answer<ReleasePlanList> {
    let client_ref = request.handle("ref");
    let (calendar, journal) = (request.context().calendar.clone(), request.context().journal.clone());
    request.disclose(ListReleasePlans { client_ref, calendar, journal }).await
}
