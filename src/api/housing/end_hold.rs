//! `POST /v1/eviction-holds/{id}/ending`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::housing::{ActOnHold, HoldAct, HoldMoved};

/// Ends a hold: from then on the landlord is told nothing.
///
/// Action `eviction-hold.write`; scope `housing.write`; purpose `housing-support`.
#[utoipa::path(
    post, path = "/v1/eviction-holds/{id}/ending", operation_id = "end_eviction_hold", tag = "housing",
    params(("id" = String, Path, description = "The agency's own handle."), ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    responses(
        (status = 200, description = "It is ended", body = HoldMoved),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the hold has ended"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn end_eviction_hold(request: Request) -> Answer<HoldMoved> {
    let (id, setting) = (request.handle("id"), super::setting(request.context()));
    request.record(ActOnHold { id, act: HoldAct::End, setting }).await
}
