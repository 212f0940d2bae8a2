//! `POST /v1/housing-referrals/{id}/{transition}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::housing::codes::HousingTransition;
use crate::domain::housing::referral::HousingStep;
use crate::domain::housing::{HousingMoved, StepHousing};
use crate::problem::{Problem, ProblemType};

/// Takes a referral to housing one step on: the provider agrees a placement or declines, the sender takes it back, and once a placement is
/// agreed either side tells the other of risks before the move.
///
/// Action `housing.write`; scope `housing.write`; purpose `housing-support`.
#[utoipa::path(
    post, path = "/v1/housing-referrals/{id}/{transition}", operation_id = "step_housing_referral", tag = "housing",
    params(("id" = String, Path, description = "The agency's own handle."),
        ("transition" = HousingTransition, Path, description = "The step."), ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = HousingStep, example = json!({"move_in_on": "2026-06-29"})),
    responses(
        (status = 200, description = "The step is taken", body = HousingMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: not for this side as it stands, or the person's consent is missing"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn step_housing_referral(request: Request) -> Answer<HousingMoved> {
    let id = request.handle("id");
    let Ok(transition) = request.segment("transition").parse::<HousingTransition>() else {
        let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "unknown-transition");
        return Err(request.refuse(problem).await);
    };
    let (request, step) = request.document::<HousingStep>().await?;
    let setting = super::setting(request.context());
    request.record(StepHousing { id, transition, step, setting }).await
}
