//! `POST /v1/joint-visits/{id}/answer`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::visit::{AnswerVisit, VisitAnswerGiven, VisitMoved};

/// The liaison officer says whether to come, and nothing else. Who agreed may still decline.
///
/// Action `visit.answer`; scope `referral.write`; purpose `court-or-statutory`.
#[utoipa::path(
    post, path = "/v1/joint-visits/{id}/answer", operation_id = "answer_joint_visit", tag = "visits",
    params(
        ("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/joint-visits/{id}`."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    request_body(content = VisitAnswerGiven, example = json!({"comes": true})),
    responses(
        (status = 200, description = "It is answered", body = VisitMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is over"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn answer_joint_visit(request: Request) -> Answer<VisitMoved> {
    let id = request.handle("id");
    let (request, given) = request.document::<VisitAnswerGiven>().await?;
    let calendar = request.context().calendar.clone();
    request.record(AnswerVisit { id, given, calendar }).await
}
