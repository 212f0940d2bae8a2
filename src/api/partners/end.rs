//! `POST /v1/clients/{ref}/linked-support/ending`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::partner::{EndPartnerLink, LinkMade};

/// Ends the link of a client to a partner, on both sides.
///
/// Action `partner.write`; scope `caseload.write`; purposes `treatment`, `continuity-of-care`, `referral`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/linked-support/ending", operation_id = "end_partner_link", tag = "linked-support",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    responses(
        (status = 200, description = "It is ended", body = LinkMade),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: there is no link"),
        (status = 422, description = "idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn end_partner_link(request: Request) -> Answer<LinkMade> {
    let client_ref = request.handle("ref");
    request.record(EndPartnerLink { client_ref }).await
}
