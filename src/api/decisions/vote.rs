//! `POST /v1/joint-decisions/{id}/votes`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::decision::{Asked, DecisionMoved, VoteCast, VoteOrBringIn};

/// Says whether this agency agrees; it can say otherwise until all have agreed or one has declined. It needs the person's consent that
/// the police are told whether all agree.
///
/// Action `decision.vote`; scope `decision.write`; purpose `court-or-statutory`.
#[utoipa::path(
    post, path = "/v1/joint-decisions/{id}/votes", operation_id = "vote_on_joint_decision", tag = "joint-decisions",
    params(("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = VoteCast, example = json!({"vote": "agree"})),
    responses(
        (status = 200, description = "It is said", body = DecisionMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is decided, or closed"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn vote_on_joint_decision(request: Request) -> Answer<DecisionMoved> {
    let id = request.handle("id");
    let (request, cast) = request.document::<VoteCast>().await?;
    let setting = super::setting(request.context());
    request.record(VoteOrBringIn { id, asked: Asked::Vote(cast), setting }).await
}
