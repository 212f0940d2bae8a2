//! `POST /v1/clients/{ref}/withdrawal`

use super::clocks;
use super::withdraw::withdrawal;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::consent::model::WithdrawalGiven;
use crate::domain::consent::withdraw::{AllWithdrawn, WithdrawAll};

/// Withdraws every consent of the person, or some recipients from each, at any agency whose client the person is.
///
/// The answer is the same whether there was any consent or none; so is the confirmation that it always asks for.
///
/// Action `consent.withdraw`; scope `consent.write`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/withdrawal", operation_id = "withdraw_all_consents", tag = "consents",
    request_body(content = WithdrawalGiven, example = json!({
        "channel": "voice", "urgent_effects_confirmed": true
    })),
    params(
        ("ref" = String, Path, description = "The agency's own reference for the person."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "What there was to withdraw is withdrawn", body = AllWithdrawn),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "withdrawal-needs-confirmation"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn withdraw_all_consents(request: Request) -> Answer<AllWithdrawn> {
    let client_ref = request.handle("ref");
    let (request, given) = withdrawal(request).await?;
    let (clocks, journal) = (clocks(&request), request.context().journal.clone());
    request.record(WithdrawAll { client_ref, given, clocks, journal }).await
}
