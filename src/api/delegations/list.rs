//! `GET /v1/clients/{ref}/delegations`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::delegation::{DelegationList, ListDelegations};

/// The delegated follow-ups of a client of which the agency knows, oldest first: where each can be read.
///
/// Action `delegation.read`; scope `custody.read`; purpose `continuity-of-care`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/delegations", operation_id = "list_delegations", tag = "delegations",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The follow-ups", body = DelegationList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_delegations(request: Request) -> Answer<DelegationList> {
    let client_ref = request.handle("ref");
    request.disclose(ListDelegations(client_ref)).await
}
