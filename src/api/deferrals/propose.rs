//! `POST /v1/clients/{ref}/deferrals`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::deferral::{DeferralMoved, DeferralProposed, ProposeDeferral};

/// Proposes to hold back from a person's account, until a day at most three months ahead, what this agency did for certain
/// purposes. Nothing is held back before a Caldicott guardian, another worker, approves it within seven days. One that is still
/// needed is proposed and approved again.
///
/// Action `deferral.propose`; scope `subject-access`; purposes `court-or-statutory`, `safeguarding`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/deferrals", operation_id = "propose_deferral", tag = "account",
    request_body(content = DeferralProposed, example = json!({
        "ground": "crime", "reason": "operation of 3 June", "purposes": ["offender-management"],
        "since": "2026-06-01", "until": "2026-08-31"
    })),
    params(
        ("ref" = String, Path, description = "The agency's own reference for the person."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 201, description = "It awaits its approval", body = DeferralMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn propose_deferral(request: Request) -> Answer<DeferralMoved> {
    let client_ref = request.handle("ref");
    let (request, proposed) = request.document::<DeferralProposed>().await?;
    let calendar = request.context().calendar.clone();
    request
        .for_reason(Some(proposed.reason.clone()))
        .relying_on(proposed.ground.statute_ref())
        .record(ProposeDeferral { client_ref, proposed, calendar })
        .await
}
