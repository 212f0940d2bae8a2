//! `POST /v1/clients/{ref}/concerns`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::safeguarding::{ConcernRaised, ConcernSent, RaiseConcern};

/// Tells children's services of a concern for somebody's safety, without consent: who it is about, and the concern in one text. There is
/// no place for anything else. A second worker reviews it within one working day. Where somebody is in danger now, ring: the answer says
/// whom.
///
/// Action `concern.raise`; scope `safeguarding.write`; purpose `safeguarding`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/concerns", operation_id = "raise_concern", tag = "safeguarding",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ConcernRaised, example = json!({"recipient": "northmoor-childrens", "ground": "child-at-risk",
        "concern": "Two children of about four and six are left alone at night.",
        "reason": "The children are at risk tonight, and asking first would put them at more.",
        "telling": "unsafe-to-tell", "why_unsafe": "A partner who was violent before reads what the person is sent."})),
    responses(
        (status = 201, description = "It is on its way", body = ConcernSent),
        (status = 400, description = "malformed-request: the member that does not belong in it"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted: this role, or this recipient, as the police are; insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: who it is about is not written down, or is not under 18"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn raise_concern(request: Request) -> Answer<ConcernSent> {
    let client_ref = request.handle("ref");
    let (request, raised) = request.document::<ConcernRaised>().await?;
    let setting = super::setting(request.context());
    let request = request.for_reason(Some(raised.reason.clone()));
    request.record(RaiseConcern { client_ref, raised, setting }).await
}
