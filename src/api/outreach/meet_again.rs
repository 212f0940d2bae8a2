//! `POST /v1/clients/{ref}/outreach-contacts`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::outreach::{MeetAgain, Met, OutreachContact};

/// Notes a contact with a client of the agency, whether or not her name is known.
///
/// Action `outreach.write`; scope `client.write`; purposes `treatment`, `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/outreach-contacts", operation_id = "note_outreach_contact", tag = "outreach",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = OutreachContact, example = json!({"at": "2026-06-10T22:10", "setting": "drop-in",
        "given": ["naloxone"]})),
    responses(
        (status = 201, description = "It is noted", body = Met),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn note_outreach_contact(request: Request) -> Answer<Met> {
    let client_ref = request.handle("ref");
    let (request, contact) = request.document::<OutreachContact>().await?;
    let calendar = request.context().calendar.clone();
    request.record(MeetAgain { client_ref, contact, calendar }).await
}
