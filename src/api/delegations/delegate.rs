//! `POST /v1/assessments/{id}/delegations`

use crate::api::assessments::setting;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::delegation::{DelegateFollowUp, Delegated, DelegationMoved};

/// Delegates the booked follow-up of a required assessment to the specialist project that the person named, by her consent for
/// `continuity-of-care`: the team may tell the project `identity`, `contact` and `attendance`, and the project the team `attendance`. The
/// appointment and the duty stay the team's; neither the police nor any other team learns of it.
///
/// Action `delegation.write`; scope `custody.write`; purpose `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/assessments/{id}/delegations", operation_id = "delegate_follow_up", tag = "delegations",
    params(("id" = String, Path, description = "The agency's own handle of the assessment."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read of the assessment."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = Delegated, example = json!({"project": "lantern"})),
    responses(
        (status = 201, description = "It is delegated", body = DelegationMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: `errors` names what must come first; `consent-required`, `already-delegated`"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn delegate_follow_up(request: Request) -> Answer<DelegationMoved> {
    let assessment = request.handle("id");
    let (request, delegated) = request.document::<Delegated>().await?;
    let setting = setting(request.context());
    request.record(DelegateFollowUp { assessment, delegated, setting }).await
}
