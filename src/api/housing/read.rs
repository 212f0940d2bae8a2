//! `GET /v1/housing-referrals/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::housing::{HousingView, ReadHousing};

/// A referral to housing, for its sender and its provider. The provider sees it as long as the person agrees.
///
/// Action `housing.read`; scope `housing.read`; purpose `housing-support`.
#[utoipa::path(
    get, path = "/v1/housing-referrals/{id}", operation_id = "read_housing_referral", tag = "housing",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The referral", body = HousingView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_housing_referral(request: Request) -> Answer<HousingView> {
    let (id, setting) = (request.handle("id"), super::setting(request.context()));
    request.disclose(ReadHousing { id, setting }).await
}
