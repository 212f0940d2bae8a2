//! `GET /v1/referrals/{id}/summary`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::referral::{ReadSummary, SummaryView};

/// What a referral tells its recipient by itself: how the assessment went, the dates of a release, the main drug and the care plan in a
/// few words, each as far as rule and consent allow.
///
/// Action `referral.summary`; scope `referral.read`.
#[utoipa::path(
    get, path = "/v1/referrals/{id}/summary", operation_id = "read_referral_summary", tag = "referrals",
    params(("id" = String, Path, description = "The recipient's own handle of the referral.")),
    responses(
        (status = 200, description = "The summary", body = SummaryView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_referral_summary(request: Request) -> Answer<SummaryView> {
    let referral = request.handle("id");
    request.disclose(ReadSummary { referral }).await
}
