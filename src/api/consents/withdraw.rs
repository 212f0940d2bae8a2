//! `POST /v1/consents/{id}/withdrawal`

use super::clocks;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::consent::model::WithdrawalGiven;
use crate::domain::consent::record::unknown_agency;
use crate::domain::consent::withdraw::{ConsentWithdrawn, WithdrawConsent};
use crate::journal::outcome::Stop;

/// Withdraws a consent, or some recipients from it, at any agency that it names. It takes effect with the next decision.
///
/// Where it would cancel something urgent, the answer says so first, and the person is asked again.
///
/// Action `consent.withdraw`; scope `consent.write`.
#[utoipa::path(
    post, path = "/v1/consents/{id}/withdrawal", operation_id = "withdraw_consent", tag = "consents",
    request_body(content = WithdrawalGiven, example = json!({
        "channel": "in-person", "only_recipients": ["testhomes"], "urgent_effects_confirmed": false
    })),
    params(
        ("id" = String, Path, description = "The agency's own handle for the consent."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
        ("If-Match" = String, Header, description = "The ETag of the version that was read."),
    ),
    responses(
        (status = 200, description = "The consent is withdrawn, as far as was asked", body = ConsentWithdrawn),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition, withdrawal-needs-confirmation"),
        (status = 412, description = "version-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn withdraw_consent(request: Request) -> Answer<ConsentWithdrawn> {
    let consent = request.handle("id");
    let (request, given) = withdrawal(request).await?;
    let (clocks, journal) = (clocks(&request), request.context().journal.clone());
    request.record(WithdrawConsent { consent, given, clocks, journal }).await
}

/// The withdrawal in the body, checked, with its reason and its time put beside the entry.
pub(super) async fn withdrawal(request: Request) -> Result<(Request, WithdrawalGiven), Stop> {
    let (request, given) = request.document::<WithdrawalGiven>().await?;
    if let Err(faults) = given.check(request.context().journal.now()) {
        return Err(request.refuse_fields(faults.into_iter().map(Into::into).collect()).await);
    }
    let struck = given.only_recipients.as_deref().unwrap_or_default();
    let directory = request.directory_knowing(struck).await?;
    let unknown: Vec<_> = struck
        .iter()
        .enumerate()
        .filter(|(_, agency)| directory.agency(agency).is_none())
        .map(|(at, _)| unknown_agency("only_recipients", at))
        .collect();
    if !unknown.is_empty() {
        return Err(request.refuse_fields(unknown).await);
    }
    let request = request.for_reason(given.reason.clone()).having_occurred_at(given.said_at);
    Ok((request, given))
}
