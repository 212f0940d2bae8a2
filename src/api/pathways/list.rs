//! `GET /v1/clients/{ref}/pathway-actions`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::pathway::{ActionList, ListActions};

/// The agency's own actions for a client on the pathways out of offending, those that are over too.
///
/// Action `pathway.read`; scope `caseload.write`; purpose `continuity-of-care`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/pathway-actions", operation_id = "list_pathway_actions", tag = "pathways",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The actions, oldest first", body = ActionList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_pathway_actions(request: Request) -> Answer<ActionList> {
    let client_ref = request.handle("ref");
    request.disclose(ListActions(client_ref)).await
}
