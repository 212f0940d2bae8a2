//! `POST /v1/appointment-slots`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::slot::{OfferSlot, SlotMoved, SlotOffered};

/// Offers a slot for an assessment, for whoever books in custody: at any hour, from any area.
///
/// Action `slot.offer`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/appointment-slots", operation_id = "offer_appointment_slot", tag = "appointment-slots",
    params(("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = SlotOffered, example = json!({"appointment": "initial", "at": "2026-04-07T10:00", "place": "1 Mill Lane, Northmoor"})),
    responses(
        (status = 201, description = "It is offered", body = SlotMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn offer_appointment_slot(request: Request) -> Answer<SlotMoved> {
    let (request, offered) = request.document::<SlotOffered>().await?;
    let calendar = request.context().calendar.clone();
    request.record(OfferSlot { offered, calendar }).await
}
