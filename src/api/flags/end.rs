//! `POST /v1/flags/{id}/ending`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::flag::{EndFlag, FlagEnded, FlagMoved};

/// Ends a flag: nobody is told any more, and what there was to do about it is closed. One whose last day has gone by, too.
///
/// Action `flag.write`; scope `caseload.write`; purposes as for the list.
#[utoipa::path(
    post, path = "/v1/flags/{id}/ending", operation_id = "end_flag", tag = "flags",
    request_body(content = FlagEnded, example = json!({"reason": "she asked for it"})),
    params(
        ("id" = String, Path, description = "The agency's own handle for the flag."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/flags/{id}`."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "It is over", body = FlagMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it was ended already"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn end_flag(request: Request) -> Answer<FlagMoved> {
    let id = request.handle("id");
    let (request, ended) = request.document::<FlagEnded>().await?;
    let calendar = request.context().calendar.clone();
    let reason = Some(ended.reason.clone());
    request.for_reason(reason).record(EndFlag { id, ended, calendar }).await
}
