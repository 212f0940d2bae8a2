//! `GET /v1/clients/{ref}/consents`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::consent::read::{ConsentsView, ListConsents};

/// The person's consents to which the agency is a party, each cut to it.
///
/// Action `consent.read`; scope `consent.read`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/consents", operation_id = "list_consents", tag = "consents",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The consents, oldest first", body = ConsentsView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_consents(request: Request) -> Answer<ConsentsView> {
    let (client_ref, now) = (request.handle("ref"), request.context().journal.now());
    request.disclose(ListConsents { client_ref, now }).await
}
