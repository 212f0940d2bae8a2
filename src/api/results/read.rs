//! `GET /v1/test-results/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::result::{ReadResult, ResultView};

/// A communicated test result, for the worker who is named, as long as the person agrees, and for the agency that communicated it.
///
/// Action `result.read`; scope `result.read`; purpose `treatment`.
#[utoipa::path(
    get, path = "/v1/test-results/{id}", operation_id = "read_test_result", tag = "test-results",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The result", body = ResultView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_test_result(request: Request) -> Answer<ResultView> {
    let id = request.handle("id");
    request.disclose(ReadResult(id)).await
}
