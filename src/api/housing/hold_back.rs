//! `POST /v1/clients/{ref}/eviction-holds`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::housing::{EvictionHeldBack, HoldBackEviction, HoldMoved};

/// Records that a landlord holds back an eviction while the tenant attends treatment, by a consent that names this landlord.
///
/// Action `eviction-hold.write`; scope `housing.write`; purpose `housing-support`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/eviction-holds", operation_id = "hold_back_eviction", tag = "housing",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = EvictionHeldBack, example = json!({"provider": "testhomes", "attending": "yes"})),
    responses(
        (status = 201, description = "It is recorded", body = HoldMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the person's consent is missing"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn hold_back_eviction(request: Request) -> Answer<HoldMoved> {
    let client_ref = request.handle("ref");
    let (request, held) = request.document::<EvictionHeldBack>().await?;
    let setting = super::setting(request.context());
    request.record(HoldBackEviction { client_ref, held, setting }).await
}
