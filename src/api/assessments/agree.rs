//! `POST /v1/assessments/{id}/agreement`

use std::marker::PhantomData;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::acts::ConsentAsked;
use crate::domain::assessment::states::Act;
use crate::domain::assessment::{Asked, AssessmentMoved, TakeAct};
use crate::policy::action::AssessmentWrite;

/// Records whether somebody who need not come agrees to be assessed. No is no offence, and never a breach; a refusal is recorded with
/// the warning that it may be told.
///
/// Action `assessment.write`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/assessments/{id}/agreement", operation_id = "record_agreement", tag = "assessments",
    params(("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ConsentAsked, example = json!({"agreed": false, "warned_at": "2026-04-02T22:50"})),
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
pub async fn record_agreement(request: Request) -> Answer<AssessmentMoved> {
    let id = request.handle("id");
    let (request, sent) = request.document::<ConsentAsked>().await?;
    let setting = super::setting(request.context());
    let asked = Asked::Act(Act::Ask(sent));
    request.record(TakeAct::<AssessmentWrite> { id, asked, setting, action: PhantomData }).await
}
