//! `POST /v1/joint-decisions/{id}/parties`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::decision::{Asked, BroughtIn, DecisionMoved, VoteOrBringIn};

/// Brings in the project that works with the person, with her consent, before it is decided: then it must agree, too. The police are not
/// told.
///
/// Action `decision.vote`; scope `decision.write`; purpose `court-or-statutory`.
#[utoipa::path(
    post, path = "/v1/joint-decisions/{id}/parties", operation_id = "bring_into_joint_decision", tag = "joint-decisions",
    params(("id" = String, Path, description = "The team's own handle."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = BroughtIn, example = json!({"agency": "lantern"})),
    responses(
        (status = 200, description = "It is asked", body = DecisionMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is decided or closed, the agency is a party, or the person's consent is missing"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn bring_into_joint_decision(request: Request) -> Answer<DecisionMoved> {
    let id = request.handle("id");
    let (request, brought_in) = request.document::<BroughtIn>().await?;
    let setting = super::setting(request.context());
    request.record(VoteOrBringIn { id, asked: Asked::BringIn(brought_in), setting }).await
}
