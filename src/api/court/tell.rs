//! `POST /v1/clients/{ref}/destinations`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::court::{DestinationGiven, DestinationTold, TellDestination};

/// Tells one agency where somebody goes from court: the prison's team that receives the person, or the team that expects her. A team's
/// court worker tells it with the person's consent, and the team itself without; probation's where it is necessary for the management of
/// offenders. The answer says who is on duty there now, and which number to ring.
///
/// Action `destination.tell`; scope `referral.write`; purpose `court-or-statutory`, for probation `offender-management`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/destinations", operation_id = "tell_destination", tag = "court",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = DestinationGiven, example = json!({"agency": "fallowgate-carat", "name": "Testa Alder",
        "date_of_birth": "1990-01-31", "court_on": "2026-06-01", "outcome": "remanded", "prison": "HMP Fallowgate",
        "next_on": "2026-06-22"})),
    responses(
        (status = 201, description = "It is told", body = DestinationTold),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the person's consent is missing"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn tell_destination(request: Request) -> Answer<DestinationTold> {
    let client_ref = request.handle("ref");
    let (request, given) = request.document::<DestinationGiven>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.record(TellDestination { client_ref, given, journal, calendar }).await
}
