//! `POST /v1/concerns/{id}/receipt`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::safeguarding::{ConcernMoved, ReceiveConcern};

/// Says that a concern has come in. Until then who raised it has the task to ring.
///
/// Action `concern.receive`; scope `safeguarding.write`; purpose `safeguarding`.
#[utoipa::path(
    post, path = "/v1/concerns/{id}/receipt", operation_id = "receive_concern", tag = "safeguarding",
    params(("id" = String, Path, description = "The agency's own handle."), ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    responses(
        (status = 200, description = "It is noted", body = ConcernMoved),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it was said before"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn receive_concern(request: Request) -> Answer<ConcernMoved> {
    let id = request.handle("id");
    request.record(ReceiveConcern(id)).await
}
