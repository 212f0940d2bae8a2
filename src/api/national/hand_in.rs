//! `POST /v1/national-returns`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::national::{HandInReturn, ReturnHandedIn, ReturnSent};

/// Notes that the national return of a month that is over was handed over. That ends its task. The gateway itself sends nothing.
///
/// Action `return.hand-in`; scope `return.write`; purpose `service-monitoring`.
#[utoipa::path(
    post, path = "/v1/national-returns", operation_id = "hand_in_national_return", tag = "national return",
    params(("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ReturnHandedIn, example = json!({"month": "2026-05"})),
    responses(
        (status = 200, description = "It is noted", body = ReturnSent),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn hand_in_national_return(request: Request) -> Answer<ReturnSent> {
    let (request, handed_in) = request.document::<ReturnHandedIn>().await?;
    let calendar = request.context().calendar.clone();
    request.record(HandInReturn { handed_in, calendar }).await
}
