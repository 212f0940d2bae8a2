//! `POST /v1/break-glass-power`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::break_glass::{BreakGlassPowerSet, PowerSet, SetWorkerPower};

/// Takes a worker's power to break glass, or gives it back, by the Caldicott guardian of the worker's own agency.
///
/// Action `break-glass.govern`; scope `break-glass`; purpose `audit-review`.
#[utoipa::path(
    post, path = "/v1/break-glass-power", operation_id = "set_break_glass_power", tag = "break-glass",
    params(("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = PowerSet, example = json!({"worker": "dr-fixture-rowe", "suspended": false,
        "reason": "All of it is reviewed, and was found appropriate."})),
    responses(
        (status = 200, description = "The directory says so now", body = BreakGlassPowerSet),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 422, description = "idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn set_break_glass_power(request: Request) -> Answer<BreakGlassPowerSet> {
    let (request, given) = request.document::<PowerSet>().await?;
    let request = request.for_reason(Some(format!("{}: {}", given.worker, given.reason)));
    request.record(SetWorkerPower(given)).await
}
