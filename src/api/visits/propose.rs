//! `POST /v1/clients/{ref}/joint-visits`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::visit::{ProposeVisit, VisitMoved, VisitProposed};

/// Proposes to the police's liaison officer to meet about what somebody needs, or to visit her together. She has agreed before (`identity`,
/// `attendance` from the team to the police for `court-or-statutory`), or nothing is told. One person at a time; police cannot ask.
///
/// Action `visit.propose`; scope `referral.write`; purpose `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/joint-visits", operation_id = "propose_joint_visit", tag = "visits",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = VisitProposed, example = json!({"police": "northmoor-police", "kind": "to-housing", "name": "Testa Alder",
        "on": "2026-06-01T10:30", "meet_at": "the team's front door, 1 Mill Lane"})),
    responses(
        (status = 201, description = "It is proposed", body = VisitMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the person's consent is missing"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn propose_joint_visit(request: Request) -> Answer<VisitMoved> {
    let client_ref = request.handle("ref");
    let (request, proposed) = request.document::<VisitProposed>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.record(ProposeVisit { client_ref, proposed, journal, calendar }).await
}
