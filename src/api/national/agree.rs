//! `POST /v1/clients/{ref}/return-consents`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::national::{AgreeToReturn, ReturnAgreed, ReturnConsented};

/// Records that somebody ticked the box for a national return. It is a consent of its own: no other implies it, and it lets no agency see
/// anything. What her record (DIR) says in its section 16 is what the form said; the return goes by this.
///
/// Action `return.agree`; scope `consent.write`; purposes `continuity-of-care`, `service-monitoring`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/return-consents", operation_id = "agree_to_return", tag = "national return",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ReturnConsented, example = json!({"dataset": "ndtms", "signed_on": "2026-05-12"})),
    responses(
        (status = 201, description = "It is written down", body = ReturnAgreed),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the agency has it already"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn agree_to_return(request: Request) -> Answer<ReturnAgreed> {
    let client_ref = request.handle("ref");
    let (request, consented) = request.document::<ReturnConsented>().await?;
    let calendar = request.context().calendar.clone();
    request.record(AgreeToReturn { client_ref, consented, calendar }).await
}
