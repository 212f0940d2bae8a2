//! `POST /v1/consents/{id}/ending`

use super::clocks;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::consent::end::{ConsentOver, EndConsent};
use crate::domain::consent::model::EndGiven;

/// Says that a consent is over which nobody takes back: what it names as its end has come, or it was recorded in error.
///
/// That the event has come is for the agency to say that took the consent, and for who may give under it; an arrival that a referral led
/// to, and the end of treatment, the gateway sees by itself. That it was an error is for the agency to say that took it. All that rested
/// on it is called off, as at a withdrawal; where that is something urgent, the answer says so first.
///
/// Action `consent.withdraw`; scope `consent.write`.
#[utoipa::path(
    post, path = "/v1/consents/{id}/ending", operation_id = "end_consent", tag = "consents",
    request_body(content = EndGiven, example = json!({
        "because": "event-has-come", "occurred_at": "2026-05-29T11:00:00Z", "urgent_effects_confirmed": false
    })),
    params(
        ("id" = String, Path, description = "The agency's own handle for the consent."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
        ("If-Match" = String, Header, description = "The ETag of the version that was read."),
    ),
    responses(
        (status = 200, description = "The consent is over", body = ConsentOver),
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
pub async fn end_consent(request: Request) -> Answer<ConsentOver> {
    let consent = request.handle("id");
    let (request, given) = request.document::<EndGiven>().await?;
    if let Err(faults) = given.check(request.context().journal.now()) {
        return Err(request.refuse_fields(faults.into_iter().map(Into::into).collect()).await);
    }
    let request = request.for_reason(given.reason.clone()).having_occurred_at(given.occurred_at);
    let (clocks, journal) = (clocks(&request), request.context().journal.clone());
    request.record(EndConsent { consent, given, clocks, journal }).await
}
