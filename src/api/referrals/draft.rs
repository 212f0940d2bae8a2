//! `POST /v1/referrals`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::referral::model::ReferralRequest;
use crate::domain::referral::{DraftReferral, ReferralMoved};

/// Drafts a referral. Its recipient knows nothing of it until it is sent.
///
/// Action `referral.send`; scope `referral.write`.
#[utoipa::path(
    post, path = "/v1/referrals", operation_id = "draft_referral", tag = "referrals",
    request_body(content = ReferralRequest, example = json!({
        "client_ref": "c2FtcGxlIGNsaWVudCByZQ", "recipient": "northmoor-cjit", "route": "carat-to-cjit",
        "urgency": "release-critical", "need": "throughcare", "dirs": ["c2FtcGxlIGRpciBoYW5kbA"],
        "release": {"date": "2026-06-03", "time": "10:30:00", "prison": "HMP Fallowgate"}
    })),
    params(("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),),
    responses(
        (status = 201, description = "The draft is written", body = ReferralMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: a record that it carries is not signed"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn draft_referral(request: Request) -> Answer<ReferralMoved> {
    let (request, asked) = request.document::<ReferralRequest>().await?;
    let directory = request.context().journal.directory();
    let checked = asked.check_with(request.principal()?, &directory);
    match checked {
        Ok(()) => request.record(DraftReferral(asked)).await,
        Err(problems) => Err(request.refuse_fields(problems).await),
    }
}
