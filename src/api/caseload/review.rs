//! `POST /v1/caseload-episodes/{id}/reviews`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::review::ReviewMade;
use crate::domain::caseload::{RecordReview, Reviewed};

/// Records a review of an own episode, sixteen weeks after admission or the last one, or early after a significant event. Its outcome
/// follows from the three answers; another one needs a reason. The next review is due sixteen weeks on.
///
/// Action `review.write`; scope `caseload.write`.
#[utoipa::path(
    post, path = "/v1/caseload-episodes/{id}/reviews", operation_id = "record_review", tag = "caseload",
    params(("id" = String, Path, description = "The agency's own handle of the episode."),
        ("If-Match" = String, Header, description = "The episode's `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ReviewMade, example = json!({"trigger": "significant-event", "event": "employment-training-education",
        "class_a": true, "offending": false, "prison": false, "person_took_part": true})),
    responses(
        (status = 201, description = "The review is on record", body = Reviewed),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the episode is closed"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document: another outcome without a reason; idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn record_review(request: Request) -> Answer<Reviewed> {
    let id = request.handle("id");
    let (request, made) = request.document::<ReviewMade>().await?;
    let calendar = request.context().calendar.clone();
    request.record(RecordReview { id, made, calendar }).await
}
