//! `GET /v1/conflicts`

use serde::Deserialize;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::prescribing::{ConflictList, ListConflicts};
use crate::id::Handle;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    cursor: Option<Handle>,
}

/// The conflicts to which this agency is a party and that are open today, oldest first.
///
/// Action `conflict.read`; scope `script.read`; purposes `prescribing-safety`, `vital-interests`.
#[utoipa::path(
    get, path = "/v1/conflicts", operation_id = "list_conflicts", tag = "scripts",
    params(("cursor" = Option<String>, Query, description = "From the `Link` of the page before.")),
    responses(
        (status = 200, description = "The conflicts", body = ConflictList),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_conflicts(request: Request) -> Answer<ConflictList> {
    let (request, Page { cursor }) = request.query::<Page>().await?;
    let today = request.today();
    request.disclose(ListConflicts { after: cursor, today }).await
}
