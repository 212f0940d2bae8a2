//! `POST /v1/clients/{ref}/release-plans`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::release::plan::ReleasePlanned;
use crate::domain::release::{PlanRelease, ReleaseWritten};

/// Plans the release of an own client. The answer says at once whether the receiver is open when the gate opens, who is on duty there,
/// and what else may go wrong.
///
/// Action `release.write`; scope `caseload.write`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/release-plans", operation_id = "plan_release", tag = "releases",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ReleasePlanned, example = json!({"release_on": "2026-06-03", "gate_at": "10:30:00", "prison": "HMP Fallowgate", "pick_up_wanted": true,
        "last_dose": {"what": "Methadone 45 ml", "at": "2026-06-03T07:30"}, "bridging_script": {"what": "Methadone 45 ml, Test Pharmacy", "until": "2026-06-05"},
        "urgent_needs": ["naloxone"], "first_appointment": {"at": "2026-06-05T10:00", "place": "1 Test Row"}})),
    responses(
        (status = 201, description = "The plan is on record", body = ReleaseWritten),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "duplicate-caseload: the agency has an open plan for this person"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn plan_release(request: Request) -> Answer<ReleaseWritten> {
    let client_ref = request.handle("ref");
    let (request, planned) = request.document::<ReleasePlanned>().await?;
    let (calendar, journal) = (request.context().calendar.clone(), request.context().journal.clone());
    request.record(PlanRelease { client_ref, planned, calendar, journal }).await
}
