//! `POST /v1/clients/{ref}/return-consents/withdrawal`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::national::{ReturnWithdrawal, ReturnWithdrawn, WithdrawFromReturn};

/// Takes somebody out of a national return, or of each, from the next one on, at any agency whose client she is, wherever she ticked the
/// box. All else that she agreed to stays. The answer is the same whether there was anything to take back or not.
///
/// Action `consent.withdraw`; scope `consent.write`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/return-consents/withdrawal", operation_id = "withdraw_return_consents", tag = "national return",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ReturnWithdrawal, example = json!({"channel": "voice"})),
    responses(
        (status = 200, description = "What there was to take back is taken back", body = ReturnWithdrawn),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 422, description = "idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn withdraw_return_consents(request: Request) -> Answer<ReturnWithdrawn> {
    let client_ref = request.handle("ref");
    let (request, withdrawal) = request.document::<ReturnWithdrawal>().await?;
    request.record(WithdrawFromReturn { client_ref, withdrawal }).await
}
