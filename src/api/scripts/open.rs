//! `POST /v1/clients/{ref}/scripts`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::prescribing::script::ScriptOpened;
use crate::domain::prescribing::{OpenScript, ScriptMoved};

/// Opens a script. It is `active`, or without a first day `proposed`; where another agency's runs it is `held`, and both agencies are
/// party to a conflict from that moment on. What stands in its way is told at once, as `GET` tells it; a retry is answered without it.
/// So it counts as a look where `GET` would; nobody is refused for that.
///
/// One whose first day has passed is entered late: what was dispensed is not held up. Beside another agency's it needs a clinical reason
/// as a code and in words, else it is 422; with them it is `active` from that day on, and the other side sees the code.
///
/// Action `script.write`; scope `script.write`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/scripts", operation_id = "open_script", tag = "scripts",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ScriptOpened, example = json!({"drug": "methadone", "dose_band": "starting", "collection": "daily",
        "supervised": true, "started_on": "2026-06-01"})),
    responses(
        (status = 201, description = "The script is opened", body = ScriptMoved,
            example = json!({"id": "q7rT1c0pZbW4xYk9eLmN2A", "state": "held", "conflict": "Vf3mP0b6Q1uXr8sYk2NdTw", "bridge_reference": null,
                "elsewhere": {"hold": true, "drug": "methadone", "last_collected_on": "2026-06-01",
                "contact": {"telephone": "01632 960100", "reference": "Vf3mP0b6Q1uXr8sYk2NdTw"}}})),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn open_script(request: Request) -> Answer<ScriptMoved> {
    let client_ref = request.handle("ref");
    let (request, opened) = request.document::<ScriptOpened>().await?;
    let setting = super::setting(request.context());
    let request = request.for_reason(opened.reason.clone());
    request.exchange(OpenScript { client_ref, opened, setting }).await
}
