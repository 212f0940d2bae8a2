//! `POST /v1/clients/{ref}/dirs`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::dir::{DirDrafted, DirWritten, DraftDir};

/// Drafts a record. Where one was received that tells the same, a fresh one needs a reason.
///
/// Action `dir.write`; scope `dir.write`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/dirs", operation_id = "draft_dir", tag = "dirs",
    request_body(content = DirDrafted, example = json!({"document": {
        "person": {"names": [{"kind": "legal", "forename": "Fixture", "surname": "Cedar"}]},
        "first_contact": {"contact_at": "2026-05-14T16:00"}
    }, "occasion": "fresh"})),
    params(
        ("ref" = String, Path, description = "The agency's own reference for the person."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 201, description = "The draft is written", body = DirWritten),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "dir-already-received, invalid-transition"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn draft_dir(request: Request) -> Answer<DirWritten> {
    let client_ref = request.handle("ref");
    let (request, drafted) = request.document::<DirDrafted>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.record(DraftDir { client_ref, drafted, journal, calendar }).await
}
