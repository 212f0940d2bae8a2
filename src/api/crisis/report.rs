//! `GET /v1/crisis-look-ups/report`

use jiff::civil::Date;
use serde::Deserialize;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::Period;
use crate::domain::crisis::{CrisisReport, ReadCrisisReport};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    from: Date,
    to: Date,
}

/// The look-ups of the agency's own workers: who asked, when and why, what was found, and whether the agency went on with the person. For
/// its privacy officer, Caldicott guardian and manager.
///
/// Action `crisis.review`; scope `audit.read`; purpose `audit-review`.
#[utoipa::path(
    get, path = "/v1/crisis-look-ups/report", operation_id = "read_crisis_report", tag = "crisis",
    params(
        ("from" = String, Query, description = "The first day, as `2026-11-01`.", example = "2026-04-01"),
        ("to" = String, Query, description = "The last day, itself counted; at most 31 days in all.", example = "2026-04-30"),
    ),
    responses(
        (status = 200, description = "The look-ups of these days", body = CrisisReport),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_crisis_report(request: Request) -> Answer<CrisisReport> {
    let (request, Wanted { from, to }) = request.query::<Wanted>().await?;
    let period = Period { from, to };
    if let Err(faults) = period.check() {
        return Err(request.refuse_fields(faults.into_iter().map(Into::into).collect()).await);
    }
    let calendar = request.context().calendar.clone();
    request.disclose(ReadCrisisReport { period, calendar }).await
}
