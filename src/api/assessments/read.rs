//! `GET /v1/assessments/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::{AssessmentView, ReadAssessment};

/// An assessment as one of its parties sees it. The police see what they wrote and booked; who the person is the team sees once a notice
/// was served; how appointments were kept, and what was decided, those who assess.
///
/// Action `assessment.read`; scope `custody.read`.
#[utoipa::path(
    get, path = "/v1/assessments/{id}", operation_id = "read_assessment", tag = "assessments",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The assessment", body = AssessmentView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_assessment(request: Request) -> Answer<AssessmentView> {
    let id = request.handle("id");
    request.disclose(ReadAssessment(id)).await
}
