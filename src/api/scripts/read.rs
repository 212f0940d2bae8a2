//! `GET /v1/scripts/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::prescribing::{ReadScript, ScriptView};

/// One of this agency's own scripts.
///
/// Action `script.read`; scope `script.read`.
#[utoipa::path(
    get, path = "/v1/scripts/{id}", operation_id = "read_script", tag = "scripts",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The script", body = ScriptView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_script(request: Request) -> Answer<ScriptView> {
    let id = request.handle("id");
    request.disclose(ReadScript(id)).await
}
