//! `GET /v1/pathway-actions/report`

use jiff::civil::Date;
use serde::Deserialize;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::pathway::{PathwayReportView, ReadPathwayReport, Span};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    from: Date,
    to: Date,
}

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
    let (request, Wanted { from, to }) = request.query::<Wanted>().await?;
    let span = Span { from, to };
    if let Err(faults) = span.check() {
        return Err(request.refuse_fields(faults.into_iter().map(Into::into).collect()).await);
    }
    let (today, calendar) = (request.today(), request.context().calendar.clone());
    request.disclose(ReadPathwayReport { span, today, calendar }).await
}
