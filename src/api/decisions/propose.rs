//! `POST /v1/clients/{ref}/joint-decisions`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::decision::{CautionProposed, DecisionMoved, ProposeCaution};

/// Proposes a conditional caution to the team that would hold its sessions. The team has until the end of the next working day.
///
/// Action `decision.propose`; scope `decision.write`; purpose `court-or-statutory`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/joint-decisions", operation_id = "propose_caution", tag = "joint-decisions",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = CautionProposed, example = json!({"team": "northmoor-cjit", "condition": "three-sessions"})),
    responses(
        (status = 201, description = "It is proposed", body = DecisionMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: another proposal of this agency is open"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn propose_caution(request: Request) -> Answer<DecisionMoved> {
    let client_ref = request.handle("ref");
    let (request, proposed) = request.document::<CautionProposed>().await?;
    let setting = super::setting(request.context());
    request.record(ProposeCaution { client_ref, proposed, setting }).await
}
