//! `GET /v1/caseload-checks/{id}/answer`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::{QuestionView, ReadQuestion};

/// The question that another agency asks about this agency's client, for the duty role that answers it.
///
/// Action `caseload.answer`; scope `caseload.check`; purpose `duplicate-check`.
#[utoipa::path(
    get, path = "/v1/caseload-checks/{id}/answer", operation_id = "read_caseload_question", tag = "caseload",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "Who asks about which client, and what was answered", body = QuestionView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_caseload_question(request: Request) -> Answer<QuestionView> {
    let id = request.handle("id");
    let (now, today) = (request.context().journal.now(), request.today());
    let journal = request.context().journal.clone();
    request.disclose(ReadQuestion { id, now, today, journal }).await
}
