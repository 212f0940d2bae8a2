//! `POST /v1/clients/{ref}/joining`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::outreach::{JoinAgreed, JoinOutreach, Joined};

/// Joins what was noted under a reference without a name to the person, as she agreed. Both references lead to everything from then
/// on. Nobody else is told, and nothing of it shows elsewhere.
///
/// Action `outreach.join`; scope `client.write`; purposes `treatment`, `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/joining", operation_id = "join_outreach_contacts", tag = "outreach",
    params(("ref" = String, Path, description = "The agency's own reference under which there is no name."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = JoinAgreed, example = json!({"to": "Vf3mP0b6Q1uXr8sYk2NdTw", "agreed": "in-person",
        "agreed_on": "2026-06-17"})),
    responses(
        (status = 200, description = "They are joined", body = Joined),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: one already, or a name stands under this reference and none under the other"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn join_outreach_contacts(request: Request) -> Answer<Joined> {
    let client_ref = request.handle("ref");
    let (request, agreed) = request.document::<JoinAgreed>().await?;
    let (calendar, journal) = (request.context().calendar.clone(), request.context().journal.clone());
    request.record(JoinOutreach { client_ref, agreed, calendar, journal }).await
}
