//! `GET /v1/breaches/{id}/task`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::breach::{BreachTask, ExportBreach};

/// The task for the units on the street: who is looked for, for what and by when, and nothing of why the appointment was missed.
///
/// Action `breach.read`; scope `custody.read`.
#[utoipa::path(
    get, path = "/v1/breaches/{id}/task", operation_id = "export_breach_task", tag = "breaches",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The task", body = BreachTask),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: nobody is looked for, or nobody has decided how soon"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn export_breach_task(request: Request) -> Answer<BreachTask> {
    let id = request.handle("id");
    let calendar = request.context().calendar.clone();
    request.disclose(ExportBreach { id, calendar }).await
}
