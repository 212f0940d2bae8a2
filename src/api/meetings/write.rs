//! `POST /v1/clients/{ref}/meeting-pages`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::meeting::{PageWritten, WritePage, Written};

/// Writes the agency's own page about somebody for a meeting. Of those who attend, each that the person lets know any of it is told;
/// the others do not learn that there is a page.
///
/// Action `meeting.write`; scope `referral.write`; purpose `offender-management`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/meeting-pages", operation_id = "write_meeting_page", tag = "meetings",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = PageWritten, example = json!({"meeting": "Northmoor offender management", "on": "2026-06-16",
        "attending": ["northmoor-probation", "northmoor-police"], "says": {"attendance": "Comes to each appointment."}})),
    responses(
        (status = 201, description = "It is written", body = Written),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the person lets nobody who attends know any of it"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn write_meeting_page(request: Request) -> Answer<Written> {
    let client_ref = request.handle("ref");
    let (request, written) = request.document::<PageWritten>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.record(WritePage { client_ref, written, journal, calendar }).await
}
