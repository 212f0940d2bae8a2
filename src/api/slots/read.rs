//! `GET /v1/appointment-slots/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::slot::{ReadSlot, SlotView};

/// A slot, free or not. By whom it was taken is not told.
///
/// Action `slot.read`; scope `custody.read`.
#[utoipa::path(
    get, path = "/v1/appointment-slots/{id}", operation_id = "read_appointment_slot", tag = "appointment-slots",
    params(("id" = String, Path, description = "The slot.")),
    responses(
        (status = 200, description = "The slot", body = SlotView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_appointment_slot(request: Request) -> Answer<SlotView> {
    let id = request.handle("id");
    let calendar = request.context().calendar.clone();
    request.disclose(ReadSlot { id, calendar }).await
}
