//! `POST /v1/clients/{ref}/assessments`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::opening::AssessmentOpened;
use crate::domain::assessment::{AssessmentMoved, OpenAssessment};

/// Records that somebody was identified in custody. By enforcement, after a positive test, the law requires an adult to attend and remain
/// at an initial assessment and a follow-up, unless an officer of the rank of inspector or above decides otherwise, with reasons. On the
/// proactive route nobody must come, and indirect evidence alone is not enough. The team learns at once of what is required, and who it
/// is once notice was served; of who need not come it learns nothing but that a slot is taken.
///
/// Action `assessment.write`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/assessments", operation_id = "open_assessment", tag = "assessments",
    params(("ref" = String, Path, description = "The agency's own reference for the person."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = AssessmentOpened, example = json!({"pathway": "enforcement", "trigger": "initial-assessment",
        "test": {"type": "trigger-offence", "result": "positive-opiates"}, "identified_at": "2026-04-02T22:30",
        "residence": "non-resident", "assessor": "northmoor-cjit"})),
    responses(
        (status = 201, description = "It is recorded", body = AssessmentMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: somebody under 18 is for children's services"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn open_assessment(request: Request) -> Answer<AssessmentMoved> {
    let client_ref = request.handle("ref");
    let (request, opened) = request.document::<AssessmentOpened>().await?;
    let setting = super::setting(request.context());
    request.record(OpenAssessment { client_ref, opened, setting }).await
}
