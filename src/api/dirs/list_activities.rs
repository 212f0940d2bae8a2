//! `GET /v1/dirs/{id}/activities`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::dir::{ActivityList, ListActivities};

/// What was added to a record, each entry only where all that it speaks of is permitted to the reader.
///
/// Action `dir.read`; scope `dir.read`.
#[utoipa::path(
    get, path = "/v1/dirs/{id}/activities", operation_id = "list_activities", tag = "dirs",
    params(("id" = String, Path, description = "The agency's own handle of the record.")),
    responses(
        (status = 200, description = "The entries, the newest last", body = ActivityList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_activities(request: Request) -> Answer<ActivityList> {
    let dir = request.handle("id");
    let journal = request.context().journal.clone();
    request.disclose(ListActivities { dir, journal }).await
}
