//! `POST /v1/break-glass/{id}/review`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::break_glass::{BreakGlassReviewGiven, BreakGlassReviewed, ReviewBreakGlass};

/// Records whether it was right to open it: once at each agency of which something was opened, and at the one that opened it, by another
/// worker than who did. What was found wrong takes that worker's power.
///
/// Action `break-glass.review`; scope `break-glass`; purpose `audit-review`.
#[utoipa::path(
    post, path = "/v1/break-glass/{id}/review", operation_id = "review_break_glass", tag = "break-glass",
    params(("id" = String, Path, description = "The agency's own handle."), ("If-Match" = String, Header, description = "The `etag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = BreakGlassReviewGiven, example = json!({"finding": "appropriate",
        "reason": "The ambulance's sheet says the same."})),
    responses(
        (status = 200, description = "It is recorded", body = BreakGlassReviewed),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: its review is closed, or is not for this worker"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn review_break_glass(request: Request) -> Answer<BreakGlassReviewed> {
    let id = request.handle("id");
    let (request, given) = request.document::<BreakGlassReviewGiven>().await?;
    let setting = super::setting(request.context());
    let request = request.for_reason(Some(given.reason.clone()));
    request.record(ReviewBreakGlass { id, given, setting }).await
}
