//! `POST /v1/concerns/{id}/review`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::safeguarding::{ConcernMoved, ConcernReviewed, ReviewConcern};

/// Records whether it was right to tell a concern without consent, by the privacy officer or the Caldicott guardian of the agency that did,
/// another worker than who raised it. What was found wrong nobody reads any more to whom it was told.
///
/// Action `concern.review`; scope `safeguarding.write`; purpose `safeguarding`.
#[utoipa::path(
    post, path = "/v1/concerns/{id}/review", operation_id = "review_concern", tag = "safeguarding",
    params(("id" = String, Path, description = "The agency's own handle."), ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ConcernReviewed, example = json!({"finding": "appropriate",
        "reason": "The least was told, to those who had to know.", "untold_until": "2026-08-31"})),
    responses(
        (status = 200, description = "It is recorded", body = ConcernMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: its review is closed, or is not for this worker"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn review_concern(request: Request) -> Answer<ConcernMoved> {
    let id = request.handle("id");
    let (request, reviewed) = request.document::<ConcernReviewed>().await?;
    let setting = super::setting(request.context());
    let request = request.for_reason(Some(reviewed.reason.clone()));
    request.record(ReviewConcern { id, reviewed, setting }).await
}
