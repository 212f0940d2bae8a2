//! `POST /v1/appointment-slots/{id}/withdrawal`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::slot::{SlotMoved, WithdrawSlot};

/// Takes back the offer of a slot of this agency's own that nobody has taken.
///
/// Action `slot.offer`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/appointment-slots/{id}/withdrawal", operation_id = "withdraw_appointment_slot", tag = "appointment-slots",
    params(("id" = String, Path, description = "The slot."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    responses(
        (status = 200, description = "It is not offered any more", body = SlotMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it was taken"),
        (status = 422, description = "idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn withdraw_appointment_slot(request: Request) -> Answer<SlotMoved> {
    let id = request.handle("id");
    request.record(WithdrawSlot(id)).await
}
