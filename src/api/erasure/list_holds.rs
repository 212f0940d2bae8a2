//! `GET /v1/clients/{ref}/holds`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::erasure::{HoldsView, ListHolds};

/// The legal holds on a client, and what else would stop an erasure. Its ETag is what an erasure and a lifting need.
///
/// Action `hold.read`; scope `client.read`; purposes `subject-access`, `court-or-statutory`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/holds", operation_id = "list_holds", tag = "erasure",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The holds, and what would be erased", body = HoldsView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_holds(request: Request) -> Answer<HoldsView> {
    let client_ref = request.handle("ref");
    let (calendar, now) = (request.context().calendar.clone(), request.context().journal.now());
    request.disclose(ListHolds { client_ref, calendar, now }).await
}
