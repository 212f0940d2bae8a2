//! `GET /v1/delegations/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::delegation::{DelegationView, ReadDelegation};

/// A delegated follow-up as one of its two sides sees it: the project, as long as the person agrees, whom to expect, when and where; the
/// team, whether she came.
///
/// Action `delegation.read`; scope `custody.read`; purpose `continuity-of-care`.
#[utoipa::path(
    get, path = "/v1/delegations/{id}", operation_id = "read_delegation", tag = "delegations",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The follow-up", body = DelegationView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_delegation(request: Request) -> Answer<DelegationView> {
    let id = request.handle("id");
    request.disclose(ReadDelegation(id)).await
}
