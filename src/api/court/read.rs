//! `GET /v1/destinations/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::court::{DestinationView, ReadDestination};

/// Where somebody goes from court: for who is told, and who told it.
///
/// Action `destination.read`; scope `referral.read`; purpose `court-or-statutory`, for probation `offender-management`.
#[utoipa::path(
    get, path = "/v1/destinations/{id}", operation_id = "read_destination", tag = "court",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "Where the person goes", body = DestinationView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_destination(request: Request) -> Answer<DestinationView> {
    let id = request.handle("id");
    request.disclose(ReadDestination(id)).await
}
