//! `POST /v1/clients/{ref}/linked-support`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::partner::{LinkMade, LinkPartner, PartnerLinked};

/// Records that two of the agency's clients are partners. From then on the case manager of the one is refused as case manager of the
/// other; their records stay apart, and nobody reads one for the other. Refused while one worker manages both.
///
/// Action `partner.write`; scope `caseload.write`; purposes `treatment`, `continuity-of-care`, `referral`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/linked-support", operation_id = "link_partner", tag = "linked-support",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = PartnerLinked, example = json!({"partner_ref": "Vf3mP0b6Q1uXr8sYk2NdTw"})),
    responses(
        (status = 201, description = "It is recorded", body = LinkMade),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: one worker manages both, or they are linked already"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn link_partner(request: Request) -> Answer<LinkMade> {
    let client_ref = request.handle("ref");
    let (request, linked) = request.document::<PartnerLinked>().await?;
    let journal = request.context().journal.clone();
    request.record(LinkPartner { client_ref, linked, journal }).await
}
