//! `GET /v1/caseload-episodes/{id}/care-plans`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::{CarePlanList, ListCarePlans};

/// The care plans of an own episode, the first one first; the last one holds.
///
/// Action `episode.read`; scope `caseload.write`.
#[utoipa::path(
    get, path = "/v1/caseload-episodes/{id}/care-plans", operation_id = "list_care_plans", tag = "caseload",
    params(("id" = String, Path, description = "The agency's own handle of the episode.")),
    responses(
        (status = 200, description = "The plans", body = CarePlanList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_care_plans(request: Request) -> Answer<CarePlanList> {
    let id = request.handle("id");
    request.disclose(ListCarePlans { id }).await
}
