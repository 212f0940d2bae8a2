//! `POST /v1/scripts/{id}/{transition}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::prescribing::codes::ScriptTransition;
use crate::domain::prescribing::script::ScriptStep;
use crate::domain::prescribing::{ScriptMoved, StepScript};
use crate::problem::{Problem, ProblemType};

/// Takes an own script one step on: `start`, `collect`, `change-dose-band`, `agree-bridge`, `resume` or `end`.
///
/// A `start` beside another agency's script needs the reference of a bridge that the other side agreed to, or a clinical reason as a
/// code and in words; without either a planned script is held, and one that is held stays so. `agree-bridge` answers the reference
/// to be told to the prescriber who takes over. To `end` a script ends every conflict of it. Where `GET` of the client's scripts would
/// count as a look, a step does, too; nobody is refused for that.
///
/// Action `script.write`; scope `script.write`.
#[utoipa::path(
    post, path = "/v1/scripts/{id}/{transition}", operation_id = "step_script", tag = "scripts",
    params(("id" = String, Path, description = "The agency's own handle."), ("transition" = ScriptTransition, Path, description = "The step."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ScriptStep, example = json!({"clinical_reason": "nothing-to-go-on-with",
        "reason": "Released this morning; the chemist there is closed until Monday."})),
    responses(
        (status = 200, description = "The step is taken", body = ScriptMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: `errors` lists the steps that are possible; prescribing-conflict: another script runs"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document: something that the step needs is missing, or does not go with it; idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn step_script(request: Request) -> Answer<ScriptMoved> {
    let id = request.handle("id");
    let Ok(transition) = request.segment("transition").parse::<ScriptTransition>() else {
        let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "unknown-transition");
        return Err(request.refuse(problem).await);
    };
    let (request, step) = request.document::<ScriptStep>().await?;
    let setting = super::setting(request.context());
    let request = request.for_reason(step.reason.clone());
    request.exchange(StepScript { id, transition, step, setting }).await
}
