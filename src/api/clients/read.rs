//! `GET /v1/clients/{ref}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::client::{ClientView, ReadClient};

/// The agency's own view of its client.
///
/// Action `client.read`; scope `client.read`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}", operation_id = "read_client", tag = "clients",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "What this agency wrote about the person", body = ClientView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_client(request: Request) -> Answer<ClientView> {
    let client_ref = request.handle("ref");
    request.disclose(ReadClient(client_ref)).await
}
