//! `POST /v1/delegations/{id}/withdrawal`

use crate::api::assessments::setting;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::delegation::{DelegationMoved, WithdrawDelegation};

/// Takes a follow-up back from the project: the team holds it itself.
///
/// Action `delegation.write`; scope `custody.write`; purpose `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/delegations/{id}/withdrawal", operation_id = "withdraw_delegation", tag = "delegations",
    params(("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    responses(
        (status = 200, description = "It is taken back", body = DelegationMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: where it stands"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn withdraw_delegation(request: Request) -> Answer<DelegationMoved> {
    let id = request.handle("id");
    let setting = setting(request.context());
    request.record(WithdrawDelegation { id, setting }).await
}
