//! `GET /v1/consents/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::consent::read::{ConsentView, ReadConsent};

/// A consent: all of it for the agency that took it, otherwise what concerns the reader.
///
/// Action `consent.read`; scope `consent.read`.
#[utoipa::path(
    get, path = "/v1/consents/{id}", operation_id = "read_consent", tag = "consents",
    params(("id" = String, Path, description = "The agency's own handle for the consent.")),
    responses(
        (status = 200, description = "The consent, cut to the reader", body = ConsentView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_consent(request: Request) -> Answer<ConsentView> {
    let (consent, now) = (request.handle("id"), request.context().journal.now());
    request.disclose(ReadConsent { consent, now }).await
}
