//! `POST /v1/pathway-actions/{id}/ending`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::pathway::{ActionEnded, ActionMoved, EndAction};

/// Says how an action ended: done, dropped, or blocked, and then by what. That ends its task.
///
/// Action `pathway.write`; scope `caseload.write`; purpose `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/pathway-actions/{id}/ending", operation_id = "end_pathway_action", tag = "pathways",
    params(
        ("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `etag` of the list."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    request_body(content = ActionEnded, example = json!({"outcome": "blocked", "barrier": "waiting-list"})),
    responses(
        (status = 200, description = "It is over", body = ActionMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is over"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn end_pathway_action(request: Request) -> Answer<ActionMoved> {
    let id = request.handle("id");
    let (request, ended) = request.document::<ActionEnded>().await?;
    request.record(EndAction { id, ended }).await
}
