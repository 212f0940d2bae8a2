//! `POST /v1/inbound-referrals/{id}/answer`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::inbound::{AnswerInbound, InboundAnswered, InboundOutcomeGiven};

/// Says what became of somebody who was sent in: for the service's own file, which ends its task. The sender is told nothing.
///
/// Action `inbound.answer`; scope `referral.write`; purposes `referral`, `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/inbound-referrals/{id}/answer", operation_id = "answer_inbound_referral", tag = "inbound",
    params(
        ("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/inbound-referrals/{id}`."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    request_body(content = InboundOutcomeGiven, example = json!({"outcome": "taken-up"})),
    responses(
        (status = 200, description = "It is noted", body = InboundAnswered),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it was answered already"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn answer_inbound_referral(request: Request) -> Answer<InboundAnswered> {
    let id = request.handle("id");
    let (request, given) = request.document::<InboundOutcomeGiven>().await?;
    request.record(AnswerInbound { id, given }).await
}
