//! `GET /v1/clients/{ref}/outreach-contacts`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::outreach::{ListContacts, OutreachList};

/// The agency's own outreach contacts with a client; those from before she gave her name too, once she let them be joined.
///
/// Action `outreach.read`; scope `client.read`; purposes `treatment`, `continuity-of-care`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/outreach-contacts", operation_id = "list_outreach_contacts", tag = "outreach",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The contacts", body = OutreachList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_outreach_contacts(request: Request) -> Answer<OutreachList> {
    let client_ref = request.handle("ref");
    request.disclose(ListContacts(client_ref)).await
}
