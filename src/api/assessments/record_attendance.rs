//! `POST /v1/assessments/{id}/outcomes`

use std::marker::PhantomData;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::acts::Attended;
use crate::domain::assessment::states::Act;
use crate::domain::assessment::{Asked, AssessmentMoved, TakeAct};
use crate::policy::action::AppointmentWrite;

/// Records how an appointment was kept; nothing of what was said in it. A failure needs what was tried first to engage the person, an
/// initial assessment that was attended the decision about a follow-up, and where one is needed its booking and its notice. That there
/// was a good cause may be recorded after a failure.
///
/// Action `appointment.write`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/assessments/{id}/outcomes", operation_id = "record_attendance", tag = "assessments",
    params(("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = Attended, example = json!({"appointment": "initial", "outcome": "attended-and-remained", "at": "2026-04-02T23:50", "follow_up": "needed"})),
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
pub async fn record_attendance(request: Request) -> Answer<AssessmentMoved> {
    let id = request.handle("id");
    let (request, sent) = request.document::<Attended>().await?;
    let occurred = request.context().calendar.moment(sent.at.date(), sent.at.as_datetime().time());
    let request = request.having_occurred_at(Some(occurred));
    let setting = super::setting(request.context());
    let asked = Asked::Act(Act::Attend(sent));
    request.record(TakeAct::<AppointmentWrite> { id, asked, setting, action: PhantomData }).await
}
