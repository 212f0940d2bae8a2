//! `POST /v1/dirs/{id}/activities`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::dir::{ActivityAdded, ActivityEntry, AddActivity};

/// Adds an activity entry to a signed record: by its custodian, or by who received it.
///
/// Action `dir.activity`; scope `dir.write`.
#[utoipa::path(
    post, path = "/v1/dirs/{id}/activities", operation_id = "add_activity", tag = "dirs",
    request_body(content = ActivityEntry, example = json!({
        "kind": "continuity-update", "occurred_at": "2026-06-03T10:30",
        "tags": ["prescribing"], "text": "Bridging script collected."
    })),
    params(
        ("id" = String, Path, description = "The agency's own handle of the record."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 201, description = "The entry is written", body = ActivityAdded),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the record is not signed, or superseded"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn add_activity(request: Request) -> Answer<ActivityAdded> {
    let dir = request.handle("id");
    let (request, entry) = request.document::<ActivityEntry>().await?;
    let journal = request.context().journal.clone();
    request.record(AddActivity { dir, entry, journal }).await
}
