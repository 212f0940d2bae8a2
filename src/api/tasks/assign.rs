//! `POST /v1/tasks/{id}/reassignment`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::task::{ReassignTask, TaskMoved, TaskReassigned};

/// Gives a task to another worker, or back to whoever is on duty; with `everything_of_holder` all that its holder has, contact
/// flags included, in one act: somebody leaves, or is away.
///
/// Action `task.assign`, for team managers; scope `caseload.write`; purposes as for the list.
#[utoipa::path(
    post, path = "/v1/tasks/{id}/reassignment", operation_id = "reassign_task", tag = "tasks",
    request_body(content = TaskReassigned, example = json!({
        "to": "testa-rowan", "everything_of_holder": true, "reason": "the worker has left"
    })),
    params(
        ("id" = String, Path, description = "The agency's own handle for the task."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "It lies with somebody else", body = TaskMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is open no more"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn reassign_task(request: Request) -> Answer<TaskMoved> {
    let id = request.handle("id");
    let (request, reassigned) = request.document::<TaskReassigned>().await?;
    let reason = Some(reassigned.reason.clone());
    request.for_reason(reason).record(ReassignTask { id, reassigned }).await
}
