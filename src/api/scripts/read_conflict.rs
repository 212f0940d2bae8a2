//! `GET /v1/conflicts/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::prescribing::{ConflictView, ReadConflict};

/// A conflict as one of its sides sees it: what the other script is, what stands proposed, and whom to ask. The relay is always given;
/// the other agency is named only where the person's consent lets it give what it prescribes to this reader.
///
/// Action `conflict.read`; scope `script.read`; purposes `prescribing-safety`, `vital-interests`.
#[utoipa::path(
    get, path = "/v1/conflicts/{id}", operation_id = "read_conflict", tag = "scripts",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The conflict", body = ConflictView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_conflict(request: Request) -> Answer<ConflictView> {
    let id = request.handle("id");
    let setting = super::setting(request.context());
    request.disclose(ReadConflict { id, setting }).await
}
