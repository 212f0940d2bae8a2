//! `GET /v1/break-glass/{id}/review`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::break_glass::{BreakGlassToReview, ReadBreakGlassReview};

/// Who opened what in an emergency, and why, for the privacy officers and Caldicott guardians of both sides.
///
/// Action `break-glass.see`; scope `break-glass`; purpose `audit-review`.
#[utoipa::path(
    get, path = "/v1/break-glass/{id}/review", operation_id = "read_break_glass_review", tag = "break-glass",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "What is to be reviewed", body = BreakGlassToReview),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_break_glass_review(request: Request) -> Answer<BreakGlassToReview> {
    let id = request.handle("id");
    let setting = super::setting(request.context());
    request.disclose(ReadBreakGlassReview { id, setting }).await
}
