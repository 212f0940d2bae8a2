//! `GET /v1/consents/{id}/preview`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::consent::preview::{ConsentPreview, PreviewConsent};

/// Who could see which segment, for which purpose, under this consent.
///
/// Action `consent.read`; scope `consent.read`.
#[utoipa::path(
    get, path = "/v1/consents/{id}/preview", operation_id = "preview_consent", tag = "consents",
    params(("id" = String, Path, description = "The agency's own handle for the consent.")),
    responses(
        (status = 200, description = "A line for each recipient and purpose that the reader may know of", body = ConsentPreview),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn preview_consent(request: Request) -> Answer<ConsentPreview> {
    let consent = request.handle("id");
    let journal = request.context().journal.clone();
    request.disclose(PreviewConsent { consent, journal }).await
}
