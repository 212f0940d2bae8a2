//! `GET /v1/clients/{ref}/scripts`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::prescribing::{ListScripts, ScriptList};

/// The client's scripts at this agency, oldest first, and in `elsewhere` what is told of others, in one form whatever there is. A
/// clinician who asks for `prescribing-safety` or `vital-interests` is told the drug, when it was last collected, and a contact that
/// does not tell who prescribes; anybody else one word, `clinical_hold`.
///
/// It is free where the agency ran a caseload check of the person in the last 28 days, has allocated a case manager, or has a script of its
/// own that runs or is held. Otherwise it is a look, each person once a day, of which a worker and an agency have a budget for each day.
/// Beyond it who is told one word is refused; a clinician is answered, and the agency's privacy duty reviews it.
///
/// Action `script.read`; scope `script.read`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/scripts", operation_id = "list_scripts", tag = "scripts",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The agency's own scripts, and what is told of others", body = ScriptList,
            example = json!({"scripts": [], "elsewhere": {"hold": true, "drug": "methadone", "last_collected_on": "2026-06-01",
                "contact": {"telephone": "01632 960100", "reference": "Vf3mP0b6Q1uXr8sYk2NdTw"}}})),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_scripts(request: Request) -> Answer<ScriptList> {
    let client_ref = request.handle("ref");
    let setting = super::setting(request.context());
    request.exchange(ListScripts { client_ref, setting }).await
}
