//! `GET /v1/caseload-checks/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::{CheckView, ReadCheck};

/// What came of a check that this agency asked for: the outcome, and the answers so far, without who gave them.
///
/// Action `caseload.check`; scope `caseload.check`; purpose `duplicate-check`.
#[utoipa::path(
    get, path = "/v1/caseload-checks/{id}", operation_id = "read_caseload_check", tag = "caseload",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The outcome and the answers so far", body = CheckView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_caseload_check(request: Request) -> Answer<CheckView> {
    let id = request.handle("id");
    let (now, today) = (request.context().journal.now(), request.today());
    let journal = request.context().journal.clone();
    request.disclose(ReadCheck { id, now, today, journal }).await
}
