//! `POST /v1/caseload-episodes/{id}/care-plans`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::plan::CarePlanWritten;
use crate::domain::caseload::{PlanCare, Planned};

/// Writes down the next care plan of an own episode. A plan has a date, covers the four domains, says whether the person agreed, and
/// is never edited: the next one follows it. A plan that the person did not agree to is on record, too.
///
/// Action `review.write`; scope `caseload.write`.
#[utoipa::path(
    post, path = "/v1/caseload-episodes/{id}/care-plans", operation_id = "write_care_plan", tag = "caseload",
    params(("id" = String, Path, description = "The agency's own handle of the episode."),
        ("If-Match" = String, Header, description = "The episode's `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = CarePlanWritten, example = json!({"dated_on": "2026-06-01", "items": [
        {"domain": "drug-and-alcohol", "need": "Steady on a script.", "goal": "No use on top.", "action": "Weekly key work."},
        {"domain": "social-functioning", "wraparound": "housing", "need": "A room of her own."}],
        "no_need_in": ["health", "offending"], "agreement": {"agreed": true, "on": "2026-06-01", "copy_given": true}})),
    responses(
        (status = 201, description = "The plan is on record", body = Planned),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the episode is closed"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn write_care_plan(request: Request) -> Answer<Planned> {
    let id = request.handle("id");
    let (request, written) = request.document::<CarePlanWritten>().await?;
    let calendar = request.context().calendar.clone();
    request.record(PlanCare { id, written, calendar }).await
}
