//! `POST /v1/caseload-episodes/{id}/{transition}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::model::{EpisodeStep, EpisodeTransition};
use crate::domain::caseload::{StepEpisode, Stepped};
use crate::domain::consent::effects::Clocks;
use crate::problem::{Problem, ProblemType};

/// Takes an own episode one step on, with the evidence that the step asks for: `assess`, `plan`, `activate`, `suspend`, `resume` and
/// `close` lead from state to state; `set-expectations`, `note-event`, `note-disengagement`, `reach-out`, `warn`, `re-engage`,
/// `note-custody` and `note-release` put on record what happened, which is what a closure rests on. Only `allocate`, of a case
/// manager, waits for a caseload check. A step that is not possible is answered with those that are.
///
/// Action `episode.write`; scope `caseload.write`.
#[utoipa::path(
    post, path = "/v1/caseload-episodes/{id}/{transition}", operation_id = "step_caseload_episode", tag = "caseload",
    params(("id" = String, Path, description = "The agency's own handle."), ("transition" = EpisodeTransition, Path, description = "The step."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = EpisodeStep, example = json!({"suspend_code": "S1", "custody":
        {"received_on": "2026-06-01", "release_expected_on": "2026-06-20"}})),
    responses(
        (status = 200, description = "The step is taken", body = Stepped),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: `errors` lists the steps that are possible; for `allocate` with `caseload-check-required` or `caseload-check-awaited` in `errors`"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document: evidence that the step asks for is missing or not on record; idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn step_caseload_episode(request: Request) -> Answer<Stepped> {
    let id = request.handle("id");
    let Ok(transition) = request.segment("transition").parse::<EpisodeTransition>() else {
        let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "unknown-transition");
        return Err(request.refuse(problem).await);
    };
    let (request, step) = request.document::<EpisodeStep>().await?;
    let context = request.context();
    let clocks = Clocks { calendar: context.calendar.clone(), deadlines: context.deadlines.clone() };
    let journal = context.journal.clone();
    request.record(StepEpisode { id, transition, step, clocks, journal }).await
}
