//! `POST /v1/clients/{ref}/break-glass`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::break_glass::{BreakGlassGiven, BreakGlassOpened, OpenBreakGlass};

/// Opens, where a life is at risk, what other agencies wrote of the client that bears on it: for an hour, to this worker alone, and no
/// silent segment. The token must say that the worker showed a second factor within the last fifteen minutes (`acr`, `auth_time`). The
/// privacy officers of both sides are told at once and review it within one working day; a review that nobody does within seven days takes
/// the worker's power to do this.
///
/// Action `break-glass.start`; scope `break-glass`; purpose `vital-interests`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/break-glass", operation_id = "break_glass", tag = "break-glass",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = BreakGlassGiven, example = json!({"reason": "overdose",
        "words": "Found unconscious in the waiting room, breathing slowly."})),
    responses(
        (status = 201, description = "It is open", body = BreakGlassOpened),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch; insufficient-user-authentication: a second factor within fifteen minutes (RFC 9470)"),
        (status = 403, description = "purpose-not-permitted: this role, or the power is suspended; insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is open to this worker already"),
        (status = 422, description = "idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn break_glass(request: Request) -> Answer<BreakGlassOpened> {
    let client_ref = request.handle("ref");
    let (request, given) = request.document::<BreakGlassGiven>().await?;
    let setting = super::setting(request.context());
    let request = request.for_reason(Some(format!("{}: {}", given.reason, given.words)));
    request.record(OpenBreakGlass { client_ref, given, setting }).await
}
