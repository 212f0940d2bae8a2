//! `POST /v1/breaches/{id}/{transition}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::breach::codes::BreachTransition;
use crate::domain::breach::states::BreachStep;
use crate::domain::breach::{BreachMoved, StepBreach};
use crate::problem::{Problem, ProblemType};

/// Takes a breach one step on: `decide` how soon it is pursued, by a named officer and with the risks to the person and to others, `put-out`
/// for arrest, `arrest`, `charge`, `drug-rehabilitation-requirement`, or `withdraw`. What has put an end to the requirement leaves only
/// the last.
///
/// Action `breach.write`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/breaches/{id}/{transition}", operation_id = "step_breach", tag = "breaches",
    params(("id" = String, Path, description = "The agency's own handle."), ("transition" = BreachTransition, Path, description = "The step."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = BreachStep, example = json!({"colour": "amber", "risk_to_self": "Uses alone.", "risk_to_others": "None known."})),
    responses(
        (status = 200, description = "The step is taken", body = BreachMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: `errors` lists the steps that are possible, or what stands against this one"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn step_breach(request: Request) -> Answer<BreachMoved> {
    let id = request.handle("id");
    let Ok(transition) = request.segment("transition").parse::<BreachTransition>() else {
        let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "unknown-transition");
        return Err(request.refuse(problem).await);
    };
    let (request, step) = request.document::<BreachStep>().await?;
    let setting = crate::api::assessments::setting(request.context());
    request.record(StepBreach { id, transition, step, setting }).await
}
