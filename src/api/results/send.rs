//! `POST /v1/clients/{ref}/test-results`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::result::{ResultSent, SendResult, Sent};

/// Communicates whether Class A drugs or cannabis were found, and when, to one named resettlement worker, with the person's consent.
///
/// Action `result.send`; scope `result.write`; purpose `treatment`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/test-results", operation_id = "send_test_result", tag = "test-results",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ResultSent, example = json!({"class_a": "negative", "cannabis": "positive", "tested_on": "2026-06-01",
        "agency": "northmoor-resettlement", "worker": "trial-cherry"})),
    responses(
        (status = 201, description = "It is communicated", body = Sent),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the person's consent is missing"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn send_test_result(request: Request) -> Answer<Sent> {
    let client_ref = request.handle("ref");
    let (request, sent) = request.document::<ResultSent>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.record(SendResult { client_ref, sent, journal, calendar }).await
}
