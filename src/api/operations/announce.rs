//! `POST /v1/operations-days`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::operations::{AnnounceDay, Announced, DayAnnounced};

/// Announces to services that many will need them on a day, and how many, so that they have workers and slots ready. It is about
/// nobody, and says neither where nor why.
///
/// Action `operation.announce`; scope `custody.write`; purpose `court-or-statutory`.
#[utoipa::path(
    post, path = "/v1/operations-days", operation_id = "announce_operations_day", tag = "operations",
    params(("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = DayAnnounced, example = json!({"on": "2026-06-26", "expected": 30,
        "services": ["northmoor-cjit", "eastvale-treatment"]})),
    responses(
        (status = 201, description = "They are told", body = Announced),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn announce_operations_day(request: Request) -> Answer<Announced> {
    let (request, announced) = request.document::<DayAnnounced>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.record(AnnounceDay { announced, journal, calendar }).await
}
