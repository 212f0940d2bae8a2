//! `POST /v1/cohort-tags/{id}/ending`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::cohort::{EndTag, TagEnded, TagMoved};

/// Says that somebody does not belong to a cohort any more.
///
/// Action `cohort.write`; scope `caseload.write`; purpose `offender-management`.
#[utoipa::path(
    post, path = "/v1/cohort-tags/{id}/ending", operation_id = "end_cohort_tag", tag = "cohorts",
    params(
        ("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `etag` of the list."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    request_body(content = TagEnded, example = json!({})),
    responses(
        (status = 200, description = "It is over", body = TagMoved),
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
pub async fn end_cohort_tag(request: Request) -> Answer<TagMoved> {
    let id = request.handle("id");
    let (request, _) = request.document::<TagEnded>().await?;
    request.record(EndTag(id)).await
}
