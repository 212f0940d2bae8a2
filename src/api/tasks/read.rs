//! `GET /v1/tasks/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::task::{ReadTask, TaskView};

/// A task of the agency's, open or not: what an event about it leads to.
///
/// Action `task.read`; scope `task.read`; purposes as for the list.
#[utoipa::path(
    get, path = "/v1/tasks/{id}", operation_id = "read_task", tag = "tasks",
    params(("id" = String, Path, description = "The agency's own handle for the task.")),
    responses(
        (status = 200, description = "The task", body = TaskView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_task(request: Request) -> Answer<TaskView> {
    let (id, journal) = (request.handle("id"), request.context().journal.clone());
    request.disclose(ReadTask { id, journal }).await
}
