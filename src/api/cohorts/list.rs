//! `GET /v1/clients/{ref}/cohort-tags`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::cohort::{ListTags, TagList};

/// The agency's own cohort tags of a client, those that are over too. Another agency's are shown by its own page for a meeting, and
/// nowhere else.
///
/// Action `cohort.read`; scope `caseload.write`; purpose `offender-management`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/cohort-tags", operation_id = "list_cohort_tags", tag = "cohorts",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The tags, oldest first", body = TagList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_cohort_tags(request: Request) -> Answer<TagList> {
    let (client_ref, context) = (request.handle("ref"), request.context());
    let (calendar, now) = (context.calendar.clone(), context.journal.now());
    request.disclose(ListTags { client_ref, calendar, now }).await
}
