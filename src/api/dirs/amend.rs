//! `PUT /v1/dirs/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::dir::{AmendDir, DirDrafted, DirWritten};

/// Replaces a draft. A signed record is never edited.
///
/// Action `dir.write`; scope `dir.write`.
#[utoipa::path(
    put, path = "/v1/dirs/{id}", operation_id = "amend_dir", tag = "dirs",
    request_body(content = DirDrafted, example = json!({"document": {
        "person": {"names": [{"kind": "legal", "forename": "Fixture", "surname": "Cedar"}]},
        "first_contact": {"contact_at": "2026-05-14T16:00"}
    }, "occasion": "fresh"})),
    params(
        ("id" = String, Path, description = "The agency's own handle of the record."),
        ("If-Match" = String, Header, description = "The ETag of the version that was read."),
    ),
    responses(
        (status = 200, description = "The new version of the draft is written", body = DirWritten),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition, dir-already-received"),
        (status = 412, description = "version-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn amend_dir(request: Request) -> Answer<DirWritten> {
    let dir = request.handle("id");
    let (request, drafted) = request.document::<DirDrafted>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.record(AmendDir { dir, drafted, journal, calendar }).await
}
