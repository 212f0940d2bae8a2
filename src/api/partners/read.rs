//! `GET /v1/clients/{ref}/linked-support`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::partner::{LinkedSupport, ReadLinkedSupport};

/// Whether linked support exists for this client, and nothing else of it.
///
/// Action `partner.read`; scope `caseload.write`; purposes `treatment`, `continuity-of-care`, `referral`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/linked-support", operation_id = "read_linked_support", tag = "linked-support",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "Whether it exists", body = LinkedSupport),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_linked_support(request: Request) -> Answer<LinkedSupport> {
    let client_ref = request.handle("ref");
    request.disclose(ReadLinkedSupport(client_ref)).await
}
