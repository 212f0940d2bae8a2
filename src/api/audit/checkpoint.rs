//! `GET /v1/audit/checkpoint`

use crate::api::reply::Public;
use crate::api::request::Request;
use crate::journal::outcome::{Stop, Unavailable};

/// The latest signed checkpoint of the log that is shown to all: how many entries it has, and the root over them. Where the
/// log has witnesses it is the latest that a quorum cosigned, with their lines. It is about nobody, so any identified caller
/// may have it, and compare it with what others were shown.
#[utoipa::path(
    get, path = "/v1/audit/checkpoint", operation_id = "read_audit_checkpoint", tag = "audit",
    responses(
        (status = 200, description = "A C2SP signed note", body = String, content_type = "text/plain"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_audit_checkpoint(request: Request) -> Result<Public<String>, Stop> {
    let journal = &request.context().journal;
    // Right after a start, none may have been shown yet.
    match journal.shown_checkpoint().or_else(|| journal.checkpoint()) {
        Some(note) => Ok(Public::text(note.to_string(), "text/plain; charset=utf-8")),
        None => Err(Unavailable.into()),
    }
}
