//! `GET /v1/crisis-look-ups/report`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::crisis::{CrisisReport, ReadCrisisReport};
use crate::domain::days::A_MONTH;

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
    let (request, days) = request.days(A_MONTH).await?;
    let calendar = request.context().calendar.clone();
    request.disclose(ReadCrisisReport { days, calendar }).await
}
