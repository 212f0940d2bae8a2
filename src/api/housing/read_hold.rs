//! `GET /v1/eviction-holds/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::housing::{AttendingView, ReadEvictionHold};

/// Whether the tenant attends treatment, yes or no, while the eviction is held back and the person agrees that this landlord is told.
///
/// Action `eviction-hold.read`; scope `housing.read`; purpose `housing-support`.
#[utoipa::path(
    get, path = "/v1/eviction-holds/{id}", operation_id = "read_eviction_hold", tag = "housing",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The answer", body = AttendingView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_eviction_hold(request: Request) -> Answer<AttendingView> {
    let id = request.handle("id");
    request.disclose(ReadEvictionHold(id)).await
}
