//! `POST /v1/conflicts/{id}/{transition}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::prescribing::codes::ConflictTransition;
use crate::domain::prescribing::conflict::ConflictStep;
use crate::domain::prescribing::{ConflictMoved, StepConflict};
use crate::problem::{Problem, ProblemType};

/// Takes a conflict one step on. One side proposes (`propose`) that one script ends, that the person is transferred from one to the
/// other, a guest dose until a date, or that these are two people; the other agrees (`agree`) or declines (`decline`), or the first takes
/// it back (`withdraw`). What was agreed is done to both scripts at once. That its own script ends a side needs nobody's leave for; nor,
/// with a reason in words, that the other's ends, where the other agency has left the partnership: until somebody says so it counts like
/// any other.
///
/// Action `conflict.resolve`; scope `script.write`; purposes `prescribing-safety`, `vital-interests`.
#[utoipa::path(
    post, path = "/v1/conflicts/{id}/{transition}", operation_id = "step_conflict", tag = "scripts",
    params(("id" = String, Path, description = "The agency's own handle."), ("transition" = ConflictTransition, Path, description = "The step."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ConflictStep, example = json!({"outcome": "transferred", "keeps": "ours", "reason_code": "spoken-to"})),
    responses(
        (status = 200, description = "The step is taken", body = ConflictMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: `errors` lists the steps that are possible"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn step_conflict(request: Request) -> Answer<ConflictMoved> {
    let id = request.handle("id");
    let Ok(transition) = request.segment("transition").parse::<ConflictTransition>() else {
        let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "unknown-transition");
        return Err(request.refuse(problem).await);
    };
    let (request, step) = request.document::<ConflictStep>().await?;
    let setting = super::setting(request.context());
    let request = request.for_reason(step.reason.clone());
    request.record(StepConflict { id, transition, step, setting }).await
}
