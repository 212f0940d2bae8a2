//! `POST /v1/clients/{ref}/inbound-referrals`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::inbound::{InboundSent, SendIn, SentIn};

/// Sends somebody in to a team or to treatment, with that person's consent; for police alone. It is one way: there is no name by which
/// it could be asked for, and nobody tells the sender what becomes of it.
///
/// Action `inbound.send`; scope `referral.write`; purpose `court-or-statutory`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/inbound-referrals", operation_id = "send_in", tag = "inbound",
    params(("ref" = String, Path, description = "The sender's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = InboundSent, example = json!({"service": "northmoor-cjit", "led": "intelligence-led", "name": "Testa Alder",
        "reach": "by text message, in the evening"})),
    responses(
        (status = 201, description = "It is sent", body = SentIn),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the person's consent is missing"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn send_in(request: Request) -> Answer<SentIn> {
    let client_ref = request.handle("ref");
    let (request, sent) = request.document::<InboundSent>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.record(SendIn { client_ref, sent, journal, calendar }).await
}
