//! `GET /v1/clients/{ref}/joint-decisions`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::decision::{DecisionList, ListDecisions};

/// The joint decisions about a client of which this agency knows, oldest first. Each is read by itself.
///
/// Action `decision.read`; scope `decision.read`; purpose `court-or-statutory`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/joint-decisions", operation_id = "list_joint_decisions", tag = "joint-decisions",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The decisions", body = DecisionList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_joint_decisions(request: Request) -> Answer<DecisionList> {
    let client_ref = request.handle("ref");
    request.disclose(ListDecisions(client_ref)).await
}
