//! `GET /v1/referrals`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::referral::{ListAsked, ListReferrals, ReferralBox, ReferralList};
use crate::problem::{Problem, ProblemType};

/// The agency's referrals by handle and state, the newest last.
///
/// Action `referral.read`; scope `referral.read`.
#[utoipa::path(
    get, path = "/v1/referrals", operation_id = "list_referrals", tag = "referrals",
    params(
        ("box" = Option<ReferralBox>, Query, description = "Which; required unless a cursor is given.", example = "in"),
        ("cursor" = Option<String>, Query, description = "From `Link: rel=\"next\"` of the page before."),
    ),
    responses(
        (status = 200, description = "A page of referrals", body = ReferralList),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_referrals(request: Request) -> Answer<ReferralList> {
    let (request, asked) = request.query::<ListAsked>().await?;
    let Some(place) = asked.place() else {
        let problem = Problem::field(
            ProblemType::MalformedRequest,
            "box",
            "required",
            "needs box=in or box=out, or a cursor from an earlier page",
        );
        return Err(request.refuse(problem).await);
    };
    let journal = request.context().journal.clone();
    request.disclose(ListReferrals { place, journal }).await
}
