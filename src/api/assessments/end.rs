//! `POST /v1/assessments/{id}/ending`

use std::marker::PhantomData;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::acts::EndedEarly;
use crate::domain::assessment::states::Act;
use crate::domain::assessment::{Asked, AssessmentMoved, TakeAct};
use crate::policy::action::AssessmentWrite;

/// Ends an assessment early: a condition of bail took the place of the requirement, it is not pursued, or the person died. With it end
/// its tasks, and the pursuit of what was missed.
///
/// Action `assessment.write`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/assessments/{id}/ending", operation_id = "end_assessment", tag = "assessments",
    params(("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = EndedEarly, example = json!({"reason": "restriction-on-bail"})),
    responses(
        (status = 200, description = "It is ended", body = AssessmentMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: `errors` names what must come first"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn end_assessment(request: Request) -> Answer<AssessmentMoved> {
    let id = request.handle("id");
    let (request, sent) = request.document::<EndedEarly>().await?;
    let setting = super::setting(request.context());
    let asked = Asked::Act(Act::End(sent));
    request.record(TakeAct::<AssessmentWrite> { id, asked, setting, action: PhantomData }).await
}
