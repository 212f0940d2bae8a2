//! `POST /v1/destinations/{id}/acknowledgement`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::court::{AcknowledgeDestination, DestinationNoted};

/// Says that it has come in where somebody goes from court, which ends the task of who was told and of who told it.
///
/// Action `destination.read`; scope `referral.read`; purpose `court-or-statutory`.
#[utoipa::path(
    post, path = "/v1/destinations/{id}/acknowledgement", operation_id = "acknowledge_destination", tag = "court",
    params(("id" = String, Path, description = "The agency's own handle."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    responses(
        (status = 200, description = "It is noted", body = DestinationNoted),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it was told by you"),
        (status = 422, description = "idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn acknowledge_destination(request: Request) -> Answer<DestinationNoted> {
    let id = request.handle("id");
    request.record(AcknowledgeDestination(id)).await
}
