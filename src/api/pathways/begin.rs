//! `POST /v1/clients/{ref}/pathway-actions`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::pathway::{ActionMoved, ActionPlanned, BeginAction};

/// Writes down what is done for a client on one of the pathways out of offending, and by which day. Until it ends it is a task.
///
/// Action `pathway.write`; scope `caseload.write`; purpose `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/pathway-actions", operation_id = "begin_pathway_action", tag = "pathways",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ActionPlanned, example = json!({"pathway": "accommodation", "what": "apply for a supported tenancy",
        "due_on": "2030-06-14"})),
    responses(
        (status = 201, description = "It is written down", body = ActionMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn begin_pathway_action(request: Request) -> Answer<ActionMoved> {
    let client_ref = request.handle("ref");
    let (request, planned) = request.document::<ActionPlanned>().await?;
    let calendar = request.context().calendar.clone();
    request.record(BeginAction { client_ref, planned, calendar }).await
}
