//! `GET /v1/break-glass/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::break_glass::{BreakGlassView, ReadBreakGlass};

/// What lies behind a broken glass, for the worker who broke it, while it is open: names for the records, and whether another agency
/// prescribes.
///
/// Action `break-glass.read`; scope `break-glass`; purpose `vital-interests`.
#[utoipa::path(
    get, path = "/v1/break-glass/{id}", operation_id = "read_break_glass", tag = "break-glass",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "What was opened", body = BreakGlassView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted: another worker's, or its hour is over"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_break_glass(request: Request) -> Answer<BreakGlassView> {
    let id = request.handle("id");
    let setting = super::setting(request.context());
    request.disclose(ReadBreakGlass { id, setting }).await
}
