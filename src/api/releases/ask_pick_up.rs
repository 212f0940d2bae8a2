//! `POST /v1/release-plans/{id}/pick-ups`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::release::pick_up::PickUpAsked;
use crate::domain::release::{AskPickUp, PickUpMoved};

/// Asks the team near the prison to meet an own client at the gate, and the prison's team to bring the person there. It is the person's
/// own request, before release, and what each of the two is told goes with the person's consent.
///
/// Action `pick-up.write`; scope `caseload.write`.
#[utoipa::path(
    post, path = "/v1/release-plans/{id}/pick-ups", operation_id = "ask_pick_up", tag = "releases",
    params(("id" = String, Path, description = "The agency's own handle of the release plan."),
        ("If-Match" = String, Header, description = "The plan's `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = PickUpAsked, example = json!({"host": "eastvale-cjit", "prison_team": "fallowgate-carat", "name_to_use": "Fixture",
        "onward": "The 11:40 train to Northmoor", "safe_contact": "Call, no voicemail."})),
    responses(
        (status = 201, description = "The two are asked", body = PickUpMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the release is not ahead; consent-not-effective; duplicate-caseload: one is open"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn ask_pick_up(request: Request) -> Answer<PickUpMoved> {
    let id = request.handle("id");
    let (request, asked) = request.document::<PickUpAsked>().await?;
    let (calendar, journal) = (request.context().calendar.clone(), request.context().journal.clone());
    request.record(AskPickUp { id, asked, calendar, journal }).await
}
