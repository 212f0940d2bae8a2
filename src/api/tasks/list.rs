//! `GET /v1/tasks`

use serde::Deserialize;

use crate::api::cursor;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::task::{ListTasks, TaskList, TasksView};
use crate::id::WorkerId;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    view: TasksView,
    of: Option<WorkerId>,
    cursor: Option<String>,
}

/// The open tasks of the asking worker and of the duties that this worker's role is on, of the whole agency, or those that are
/// late. Those due first come first. What a task leads to, the worker's role and purpose must allow by themselves.
///
/// Action `task.read`; scope `task.read`; purposes `treatment`, `continuity-of-care`, `referral`, `prescribing-safety`,
/// `duplicate-check`.
#[utoipa::path(
    get, path = "/v1/tasks", operation_id = "list_tasks", tag = "tasks",
    params(
        ("view" = TasksView, Query, description = "Which."),
        ("of" = Option<String>, Query, description = "Only what this worker of the agency holds."),
        ("cursor" = Option<String>, Query, description = "From `Link: rel=\"next\"` of the page before; `view` as then."),
    ),
    responses(
        (status = 200, description = "A page of tasks", body = TaskList),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_tasks(request: Request) -> Answer<TaskList> {
    let (request, Asked { view, of, cursor }) = request.query::<Asked>().await?;
    let after = match cursor {
        None => None,
        Some(cursor) => {
            let place = cursor::place(&request, &ListTasks::cursor_for(request.agency(), view), &cursor);
            match place.map(|bytes| ListTasks::place(&bytes)) {
                Ok(Some(place)) => Some(place),
                Ok(None) => return Err(request.refuse(cursor::malformed()).await),
                Err(problem) => return Err(request.refuse(problem).await),
            }
        }
    };
    let journal = request.context().journal.clone();
    request.disclose(ListTasks { which: view, of, after, journal }).await
}
