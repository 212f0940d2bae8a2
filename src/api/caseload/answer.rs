//! `POST /v1/caseload-checks/{id}/answer`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::check::AnswerGiven;
use crate::domain::caseload::{Acknowledged, AnswerCheck};

/// Answers a question, once: `lead`, `share`, `refer-back`, `keep-informed` or `not-ours`. The asker sees the code and the
/// name to speak to as they are given; who gave them it sees only with `may_name_us`, or by the person's consent. Who leads by the
/// answer moves with it, at all agencies at once.
///
/// Action `caseload.answer`; scope `caseload.check`; purpose `duplicate-check`.
#[utoipa::path(
    post, path = "/v1/caseload-checks/{id}/answer", operation_id = "answer_caseload_check", tag = "caseload",
    params(("id" = String, Path, description = "The agency's own handle."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = AnswerGiven, example = json!({"answer": "lead", "speak_to": "Ms Placeholder", "may_name_us": true})),
    responses(
        (status = 200, description = "The answer is on record", body = Acknowledged),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: no answer is awaited from this agency"),
        (status = 422, description = "idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn answer_caseload_check(request: Request) -> Answer<Acknowledged> {
    let id = request.handle("id");
    let (request, given) = request.document::<AnswerGiven>().await?;
    let journal = request.context().journal.clone();
    request.record(AnswerCheck { id, given, journal }).await
}
