//! `POST /v1/caseload-checks`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::check::CheckRequest;
use crate::domain::caseload::{AskCheck, Asked};

/// Asks whether the person is on another caseload. The answer has one form and one size whatever is found, and names nobody but
/// by the person's consent or by the holder's own answer; `clear` means "no participating service". Run it for every new case, so
/// that asking reveals nothing. It needs the agency's own presentation of the person, and no consent. A worker and an agency have
/// a budget of checks for each day.
///
/// Action `caseload.check`; scope `caseload.check`; purpose `duplicate-check`.
#[utoipa::path(
    post, path = "/v1/caseload-checks", operation_id = "ask_caseload_check", tag = "caseload",
    params(("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = CheckRequest, example = json!({"client_ref": "Vf3mP0b6Q1uXr8sYk2NdTw", "reason": "new-case"})),
    responses(
        (status = 201, description = "What was found, in codes", body = Asked),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the agency has not presented the person itself"),
        (status = 422, description = "idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn ask_caseload_check(request: Request) -> Answer<Asked> {
    let (request, check) = request.document::<CheckRequest>().await?;
    let (calendar, budget) = (request.context().calendar.clone(), request.context().check_budget);
    let journal = request.context().journal.clone();
    let reason = check.reason.code().to_owned();
    request.for_reason(Some(reason)).record(AskCheck { request: check, calendar, budget, journal }).await
}
