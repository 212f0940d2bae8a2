//! `POST /v1/clients/{ref}/crisis-look-ups`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::crisis::{CrisisAsked, CrisisView, LookUpInCrisis};

/// Asks, outside of office hours, whether a participating service works with somebody in a crisis, and whom to ring. The answer has one
/// form and one size whatever is found. The number is a relay's, the same for everybody; a service is named, with its own number and how
/// the person may safely be reached, where her consent lets this line know its `contact`. For the staff of a line: an agency that the
/// directory lists with a number for nights and weekends, while its own office is closed. Each look-up counts in the day's budget of
/// caseload checks.
///
/// Action `crisis.look-up`; scope `caseload.check`; purpose `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/crisis-look-ups", operation_id = "look_up_in_crisis", tag = "crisis",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = CrisisAsked, example = json!({"reason": "released-late"})),
    responses(
        (status = 201, description = "What was found", body = CrisisView),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted: this role, or the agency has no line; insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the agency's own office is open, or it has not presented the person itself"),
        (status = 422, description = "idempotency-conflict"),
        (status = 429, description = "too-many-requests"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn look_up_in_crisis(request: Request) -> Answer<CrisisView> {
    let client_ref = request.handle("ref");
    let (request, asked) = request.document::<CrisisAsked>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    let (budget, help_line) = (request.context().check_budget, request.context().help_line.clone());
    let request = request.for_reason(Some(asked.reason.code().to_owned()));
    request.exchange(LookUpInCrisis { client_ref, asked, journal, calendar, budget, help_line }).await
}
