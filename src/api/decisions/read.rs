//! `GET /v1/joint-decisions/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::decision::{DecisionView, ReadDecision};

/// A joint decision from the reader's own side. The police see whether they may issue it, and nothing of who was asked or what was said;
/// their answer has one size, however many were asked.
///
/// Action `decision.read`; scope `decision.read`; purpose `court-or-statutory`.
#[utoipa::path(
    get, path = "/v1/joint-decisions/{id}", operation_id = "read_joint_decision", tag = "joint-decisions",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The decision", body = DecisionView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_joint_decision(request: Request) -> Answer<DecisionView> {
    let (id, setting) = (request.handle("id"), super::setting(request.context()));
    request.disclose(ReadDecision { id, setting }).await
}
