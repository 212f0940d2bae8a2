//! `GET /v1/clients/{ref}/dirs`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::dir::{DirList, ListDirs};

/// The records of a person that the agency wrote or received, the newest last.
///
/// Action `dir.read`; scope `dir.read`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/dirs", operation_id = "list_dirs", tag = "dirs",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The records, by the agency's own handles", body = DirList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_dirs(request: Request) -> Answer<DirList> {
    let client_ref = request.handle("ref");
    let journal = request.context().journal.clone();
    request.disclose(ListDirs { client_ref, journal }).await
}
