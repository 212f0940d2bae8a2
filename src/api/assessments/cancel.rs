//! `POST /v1/assessments/{id}/cancellations`

use std::marker::PhantomData;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::acts::Cancelled;
use crate::domain::assessment::states::Act;
use crate::domain::assessment::{Asked, AssessmentMoved, TakeAct};
use crate::policy::action::AppointmentWrite;

/// Takes an appointment back. What the service cancels nobody has missed.
///
/// Action `appointment.write`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/assessments/{id}/cancellations", operation_id = "cancel_appointment", tag = "assessments",
    params(("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = Cancelled, example = json!({"appointment": "initial", "reason": "cancelled-by-service"})),
    responses(
        (status = 200, description = "It does not take place", body = AssessmentMoved),
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
pub async fn cancel_appointment(request: Request) -> Answer<AssessmentMoved> {
    let id = request.handle("id");
    let (request, sent) = request.document::<Cancelled>().await?;
    let setting = super::setting(request.context());
    let asked = Asked::Act(Act::Cancel(sent));
    request.record(TakeAct::<AppointmentWrite> { id, asked, setting, action: PhantomData }).await
}
