//! `POST /v1/pick-ups/{id}/{step}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::release::pick_up::{PickUpStep, PickUpStepTaken};
use crate::domain::release::{AnswerPickUp, CancelPickUp, PickUpMoved, StepPickUp};
use crate::problem::{Problem, ProblemType};

/// Takes a step of a pick-up: `agree` and `decline` by the team near the prison and by the prison's team, `note-met` and `note-not-met` by
/// the former on the day, `cancel` by the team that asked. Each of the three hears of what the others do.
///
/// Action `pick-up.answer`, for `cancel` `pick-up.write`; scope `caseload.write`.
#[utoipa::path(
    post, path = "/v1/pick-ups/{id}/{step}", operation_id = "step_pick_up", tag = "releases",
    params(("id" = String, Path, description = "The agency's own handle."), ("step" = PickUpStep, Path, description = "The step."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = PickUpStepTaken, example = json!({"reason": "No worker on that day."})),
    responses(
        (status = 200, description = "The step is taken", body = PickUpMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: `errors` lists the steps that are possible for the agency"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn step_pick_up(request: Request) -> Answer<PickUpMoved> {
    let id = request.handle("id");
    let Ok(step) = request.segment("step").parse::<PickUpStep>() else {
        let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "unknown-transition");
        return Err(request.refuse(problem).await);
    };
    let (request, taken) = request.document::<PickUpStepTaken>().await?;
    let calendar = request.context().calendar.clone();
    let step = StepPickUp { id, step, taken, calendar };
    if step.step == PickUpStep::Cancel {
        request.record(CancelPickUp(step)).await
    } else {
        request.record(AnswerPickUp(step)).await
    }
}
