//! `POST /v1/agencies/{id}/verification`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::agency::{ContactVerified, VerificationGiven, VerifyContact};

/// Confirms that the posts and numbers in the agency's own entry are right, as each does once a month. Nobody confirms another's.
///
/// Action `directory.verify`; scope `directory.write`.
#[utoipa::path(
    post, path = "/v1/agencies/{id}/verification", operation_id = "verify_agency_contact", tag = "agencies",
    request_body(content = VerificationGiven, example = json!({})),
    params(
        ("id" = String, Path, description = "The agency's own id."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "The contact is confirmed as it stands", body = ContactVerified),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn verify_agency_contact(request: Request) -> Answer<ContactVerified> {
    let id = request.segment("id").parse().ok();
    let (request, VerificationGiven {}) = request.document::<VerificationGiven>().await?;
    request.record(VerifyContact { id }).await
}
