//! `POST /v1/release-plans/{id}/{step}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::release::plan::{ReleaseStep, ReleaseStepTaken};
use crate::domain::release::{ReleaseStepped, StepRelease};
use crate::problem::{Problem, ProblemType};

/// Notes what became of a release: `note-release`, `note-attended`, `note-missed` or `cancel`. The first appointment that is kept within
/// three weeks of release counts as care that went on.
///
/// Action `release.write`; scope `caseload.write`.
#[utoipa::path(
    post, path = "/v1/release-plans/{id}/{step}", operation_id = "step_release_plan", tag = "releases",
    params(("id" = String, Path, description = "The agency's own handle."), ("step" = ReleaseStep, Path, description = "The step."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ReleaseStepTaken, example = json!({"on": "2026-06-05"})),
    responses(
        (status = 200, description = "The step is taken", body = ReleaseStepped),
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
pub async fn step_release_plan(request: Request) -> Answer<ReleaseStepped> {
    let id = request.handle("id");
    let Ok(step) = request.segment("step").parse::<ReleaseStep>() else {
        let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "unknown-transition");
        return Err(request.refuse(problem).await);
    };
    let (request, taken) = request.document::<ReleaseStepTaken>().await?;
    let calendar = request.context().calendar.clone();
    request.record(StepRelease { id, step, taken, calendar }).await
}
