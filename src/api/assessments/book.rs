//! `POST /v1/assessments/{id}/appointments`

use std::marker::PhantomData;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::acts::BookingAsked;
use crate::domain::assessment::{Asked, AssessmentMoved, TakeAct};
use crate::policy::action::AppointmentWrite;

/// Books an appointment, or gives another place or time for it: a free slot, at any hour and in any area, or a place and a time. A
/// follow-up lies within five working days of the initial assessment. What was changed after a notice needs a new one.
///
/// Action `appointment.write`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/assessments/{id}/appointments", operation_id = "book_appointment", tag = "assessments",
    params(("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = BookingAsked, example = json!({"appointment": "initial", "slot": "q7rT1c0pZbW4xYk9eLmN2A"})),
    responses(
        (status = 200, description = "It is booked", body = AssessmentMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: `errors` names what must come first; `slot-taken`"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn book_appointment(request: Request) -> Answer<AssessmentMoved> {
    let id = request.handle("id");
    let (request, sent) = request.document::<BookingAsked>().await?;
    let setting = super::setting(request.context());
    let asked = Asked::Book(sent);
    request.record(TakeAct::<AppointmentWrite> { id, asked, setting, action: PhantomData }).await
}
