//! `POST /v1/clients/{ref}/cohort-tags`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::cohort::{CohortTagged, TagCohort, TagMoved};

/// Says that somebody belongs to a cohort of offenders who are managed together. Probation says so of each cohort, police of those that
/// are no order; a tag that nobody looks at by its day ends by itself.
///
/// Action `cohort.write`; scope `caseload.write`; purpose `offender-management`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/cohort-tags", operation_id = "tag_cohort", tag = "cohorts",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = CohortTagged, example = json!({"cohort": "priority-prolific", "since": "2026-06-01", "review_on": "2026-09-01"})),
    responses(
        (status = 201, description = "It is written down", body = TagMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the agency's own tag is there already"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn tag_cohort(request: Request) -> Answer<TagMoved> {
    let client_ref = request.handle("ref");
    let (request, tagged) = request.document::<CohortTagged>().await?;
    let calendar = request.context().calendar.clone();
    request.record(TagCohort { client_ref, tagged, calendar }).await
}
