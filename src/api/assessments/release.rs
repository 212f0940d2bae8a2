//! `POST /v1/assessments/{id}/release`

use std::marker::PhantomData;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::acts::Released;
use crate::domain::assessment::states::Act;
use crate::domain::assessment::{Asked, AssessmentMoved, TakeAct};
use crate::policy::action::AssessmentWrite;

/// Records that the person leaves custody. Where an assessment is required that is refused until its notice was served: `errors` names
/// what is missing.
///
/// Action `assessment.write`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/assessments/{id}/release", operation_id = "record_release", tag = "assessments",
    params(("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = Released, example = json!({"at": "2026-04-03T00:30", "disposal": "released-on-bail"})),
    responses(
        (status = 200, description = "It is recorded", body = AssessmentMoved),
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
pub async fn record_release(request: Request) -> Answer<AssessmentMoved> {
    let id = request.handle("id");
    let (request, sent) = request.document::<Released>().await?;
    let occurred = request.context().calendar.moment(sent.at.date(), sent.at.as_datetime().time());
    let request = request.having_occurred_at(Some(occurred));
    let setting = super::setting(request.context());
    let asked = Asked::Act(Act::Release(sent));
    request.record(TakeAct::<AssessmentWrite> { id, asked, setting, action: PhantomData }).await
}
