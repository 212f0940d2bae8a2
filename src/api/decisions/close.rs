//! `POST /v1/joint-decisions/{id}/{transition}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::decision::codes::Closing;
use crate::domain::decision::{CloseDecision, DecisionMoved};
use crate::problem::{Problem, ProblemType};

/// Issues the caution, if all agree and the person still does, or takes the proposal back.
///
/// Action `decision.propose`; scope `decision.write`; purpose `court-or-statutory`.
#[utoipa::path(
    post, path = "/v1/joint-decisions/{id}/{transition}", operation_id = "close_joint_decision", tag = "joint-decisions",
    params(("id" = String, Path, description = "The police's own handle."), ("transition" = Closing, Path, description = "How it is closed."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    responses(
        (status = 200, description = "It is closed", body = DecisionMoved),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it may not be issued, or is closed"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn close_joint_decision(request: Request) -> Answer<DecisionMoved> {
    let id = request.handle("id");
    let Ok(how) = request.segment("transition").parse::<Closing>() else {
        let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "unknown-transition");
        return Err(request.refuse(problem).await);
    };
    let setting = super::setting(request.context());
    request.record(CloseDecision { id, how, setting }).await
}
