//! `GET /v1/pathway-actions/report`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::days::A_QUARTER;
use crate::domain::pathway::{PathwayReportView, ReadPathwayReport};

/// How the agency's actions stand on each of the eight pathways, and on which the largest share does not get on: counts alone.
///
/// Action `pathway.report`; scope `caseload.write`; purpose `service-monitoring`.
#[utoipa::path(
    get, path = "/v1/pathway-actions/report", operation_id = "read_pathway_report", tag = "pathways",
    params(
        ("from" = String, Query, description = "The first day on which actions were planned.", example = "2026-04-01"),
        ("to" = String, Query, description = "The last day, itself counted; at most 92 days in all.", example = "2026-06-30"),
    ),
    responses(
        (status = 200, description = "The counts", body = PathwayReportView),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_pathway_report(request: Request) -> Answer<PathwayReportView> {
    let (request, days) = request.days(A_QUARTER).await?;
    let (today, calendar) = (request.today(), request.context().calendar.clone());
    request.disclose(ReadPathwayReport { days, today, calendar }).await
}
