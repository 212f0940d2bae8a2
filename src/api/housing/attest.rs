//! `POST /v1/eviction-holds/{id}/attestations`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::housing::{ActOnHold, Attested, HoldAct, HoldMoved};

/// Says again whether the tenant attends. It is due a month after it was last said.
///
/// Action `eviction-hold.write`; scope `housing.write`; purpose `housing-support`.
#[utoipa::path(
    post, path = "/v1/eviction-holds/{id}/attestations", operation_id = "attest_attendance", tag = "housing",
    params(("id" = String, Path, description = "The agency's own handle."), ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = Attested, example = json!({"attending": "no"})),
    responses(
        (status = 200, description = "It is said", body = HoldMoved),
        (status = 400, description = "malformed-request"),
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
pub async fn attest_attendance(request: Request) -> Answer<HoldMoved> {
    let id = request.handle("id");
    let (request, attested) = request.document::<Attested>().await?;
    let setting = super::setting(request.context());
    request.record(ActOnHold { id, act: HoldAct::Attest(attested), setting }).await
}
