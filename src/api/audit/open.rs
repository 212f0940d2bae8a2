//! `GET /v1/audit/entries/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::audit::{EntryOpened, OpenEntry};

/// One entry with all its fields, and what proves each of them against the leaf.
///
/// Action `audit.open`; scope `audit.read`; purpose `audit-review`.
#[utoipa::path(
    get, path = "/v1/audit/entries/{id}", operation_id = "open_audit_entry", tag = "audit",
    params(("id" = String, Path, description = "The entry's id.")),
    responses(
        (status = 200, description = "The entry, opened", body = EntryOpened),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn open_audit_entry(request: Request) -> Answer<EntryOpened> {
    let entry = request.entry_id("id");
    request.disclose(OpenEntry(entry)).await
}
