//! `GET /v1/clients/{ref}/assessments`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::{AssessmentList, ListAssessments};

/// The assessments of a client of which this agency knows, oldest first, each to be read by itself.
///
/// Action `assessment.read`; scope `custody.read`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/assessments", operation_id = "list_assessments", tag = "assessments",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The assessments", body = AssessmentList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_assessments(request: Request) -> Answer<AssessmentList> {
    let client_ref = request.handle("ref");
    request.disclose(ListAssessments(client_ref)).await
}
