//! `POST /v1/test-results/{id}/acknowledgement`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::result::{AcknowledgeResult, Sent};

/// Says that a communicated test result was read, which ends the task of the worker who is named.
///
/// Action `result.read`; scope `result.read`; purpose `treatment`.
#[utoipa::path(
    post, path = "/v1/test-results/{id}/acknowledgement", operation_id = "acknowledge_test_result", tag = "test-results",
    params(("id" = String, Path, description = "The agency's own handle."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    responses(
        (status = 200, description = "It is noted", body = Sent),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: who sent it does not acknowledge it"),
        (status = 422, description = "idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn acknowledge_test_result(request: Request) -> Answer<Sent> {
    let id = request.handle("id");
    request.record(AcknowledgeResult(id)).await
}
