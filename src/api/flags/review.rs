//! `POST /v1/flags/{id}/review`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::flag::{FlagMoved, FlagReviewed, ReviewFlag};

/// Says that the flag was looked at, and whoever had come up again was contacted or need not be: what there was to do about it is
/// done, until the next review.
///
/// Action `flag.write`; scope `caseload.write`; purposes as for the list.
#[utoipa::path(
    post, path = "/v1/flags/{id}/review", operation_id = "review_flag", tag = "flags",
    request_body(content = FlagReviewed, example = json!({"review_on": "2026-08-01", "note": "rang, she is well"})),
    params(
        ("id" = String, Path, description = "The agency's own handle for the flag."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/flags/{id}`."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "It is looked at again on that day", body = FlagMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is over"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn review_flag(request: Request) -> Answer<FlagMoved> {
    let id = request.handle("id");
    let (request, reviewed) = request.document::<FlagReviewed>().await?;
    let calendar = request.context().calendar.clone();
    request.record(ReviewFlag { id, reviewed, calendar }).await
}
