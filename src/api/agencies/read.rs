//! `GET /v1/agencies/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::agency::{AgencyView, ReadAgency};

/// One agency: what it can do, when it is open, and whom to ring.
///
/// Action `directory.read`; scope `directory.read`.
#[utoipa::path(
    get, path = "/v1/agencies/{id}", operation_id = "read_agency", tag = "agencies",
    params(("id" = String, Path, description = "The agency's id.")),
    responses(
        (status = 200, description = "The agency", body = AgencyView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_agency(request: Request) -> Answer<AgencyView> {
    let id = request.segment("id").parse().ok();
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.disclose(ReadAgency { id, journal, calendar }).await
}
