//! `PUT /v1/release-plans/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::release::plan::ReleasePlanned;
use crate::domain::release::{ReleaseWritten, RevisePlan};

/// Changes an own release plan, until the person has been seen: another day, a first appointment, the next one after one that was missed.
///
/// Action `release.write`; scope `caseload.write`.
#[utoipa::path(
    put, path = "/v1/release-plans/{id}", operation_id = "revise_release_plan", tag = "releases",
    params(("id" = String, Path, description = "The agency's own handle."), ("If-Match" = String, Header, description = "The `ETag` that was last read.")),
    request_body(content = ReleasePlanned, example = json!({"release_on": "2026-06-03", "gate_at": "10:30:00", "prison": "HMP Fallowgate", "pick_up_wanted": true,
        "last_dose": {"what": "Methadone 45 ml", "at": "2026-06-03T07:30"}, "bridging_script": {"what": "Methadone 45 ml, Test Pharmacy", "until": "2026-06-05"},
        "urgent_needs": ["naloxone"], "first_appointment": {"at": "2026-06-05T10:00", "place": "1 Test Row"}})),
    responses(
        (status = 200, description = "The plan is changed", body = ReleaseWritten),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is over"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn revise_release_plan(request: Request) -> Answer<ReleaseWritten> {
    let id = request.handle("id");
    let (request, planned) = request.document::<ReleasePlanned>().await?;
    let (calendar, journal) = (request.context().calendar.clone(), request.context().journal.clone());
    request.record(RevisePlan { id, planned, calendar, journal }).await
}
