//! `GET /v1/dirs/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::dir::{DirShown, ReadDir};

/// A record, built from the segments that the reader is permitted.
///
/// Action `dir.read`; scope `dir.read`.
#[utoipa::path(
    get, path = "/v1/dirs/{id}", operation_id = "read_dir", tag = "dirs",
    params(("id" = String, Path, description = "The agency's own handle of the record.")),
    responses(
        (status = 200, description = "The record, as far as the reader may see it", body = DirShown),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_dir(request: Request) -> Answer<DirShown> {
    let dir = request.handle("id");
    request.disclose(ReadDir(dir)).await
}
