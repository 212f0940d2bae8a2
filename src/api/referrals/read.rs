//! `GET /v1/referrals/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::referral::{ReadReferral, ReferralView};

/// A referral as its sender or its recipient sees it.
///
/// Action `referral.read`; scope `referral.read`.
#[utoipa::path(
    get, path = "/v1/referrals/{id}", operation_id = "read_referral", tag = "referrals",
    params(("id" = String, Path, description = "The agency's own handle of the referral.")),
    responses(
        (status = 200, description = "Where it stands, and who must act", body = ReferralView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_referral(request: Request) -> Answer<ReferralView> {
    let referral = request.handle("id");
    let context = request.context();
    let question =
        ReadReferral { referral, calendar: context.calendar.clone(), journal: context.journal.clone() };
    request.disclose(question).await
}
