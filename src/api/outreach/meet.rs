//! `POST /v1/outreach-contacts`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::outreach::{MeetUnnamed, Met, OutreachContact};

/// Notes a contact with somebody who gives no name. The answer is the agency's own reference for this person, under which everything
/// else works; nothing is matched with it, and nobody else learns of it.
///
/// Action `outreach.meet`; scope `client.write`; purposes `treatment`, `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/outreach-contacts", operation_id = "note_unnamed_contact", tag = "outreach",
    params(("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = OutreachContact, example = json!({"at": "2026-06-03T22:30", "setting": "street",
        "given": ["harm-minimisation-advice", "condoms"], "note": "would like a warm coat"})),
    responses(
        (status = 201, description = "It is noted", body = Met),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn note_unnamed_contact(request: Request) -> Answer<Met> {
    let (request, contact) = request.document::<OutreachContact>().await?;
    let calendar = request.context().calendar.clone();
    request.record(MeetUnnamed { contact, calendar }).await
}
