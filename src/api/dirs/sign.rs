//! `POST /v1/dirs/{id}/signature`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::dir::{DirWritten, SignDir, SignatureGiven};

/// Signs a draft. It is never edited from then on, and what it replaces is superseded with it.
///
/// Action `dir.sign`; scope `dir.write`.
#[utoipa::path(
    post, path = "/v1/dirs/{id}/signature", operation_id = "sign_dir", tag = "dirs",
    request_body(content = SignatureGiven, example = json!({})),
    params(
        ("id" = String, Path, description = "The agency's own handle of the record."),
        ("If-Match" = String, Header, description = "The ETag of the version that was read."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "The record is signed", body = DirWritten),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document: names what is missing or wrong"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn sign_dir(request: Request) -> Answer<DirWritten> {
    let dir = request.handle("id");
    let (request, SignatureGiven {}) = request.document::<SignatureGiven>().await?;
    let calendar = request.context().calendar.clone();
    request.record(SignDir { dir, calendar }).await
}
