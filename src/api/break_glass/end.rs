//! `POST /v1/break-glass/{id}/end`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::break_glass::{BreakGlassEnded, EndBreakGlass};

/// Closes what was opened, before its hour is over, by the worker who opened it.
///
/// Action `break-glass.end`; scope `break-glass`; purpose `vital-interests`.
#[utoipa::path(
    post, path = "/v1/break-glass/{id}/end", operation_id = "end_break_glass", tag = "break-glass",
    params(("id" = String, Path, description = "The agency's own handle."), ("If-Match" = String, Header, description = "The `etag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    responses(
        (status = 200, description = "It is closed", body = BreakGlassEnded),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is closed already, or another worker's"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn end_break_glass(request: Request) -> Answer<BreakGlassEnded> {
    let id = request.handle("id");
    request.record(EndBreakGlass(id)).await
}
