//! `GET /v1/caseload-checks/report`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::{CheckReport, ReadCheckReport};
use crate::domain::days::A_MONTH;

/// How caseload checks were used: for each worker how many, their outcomes, and how many led to no contact with the person within
/// fourteen days; and in the same way how often the worker looked, without a check, whether others prescribe for somebody with whom the
/// agency had nothing to do. Officers and managers see their own agency, with its handles of the checks that led to none; auditors see
/// the counts of all agencies. Where a privacy officer or Caldicott guardian reads of a day, the task `review-looks` of that day is done.
///
/// Action `check.report`; scope `audit.read`; purpose `audit-review`.
#[utoipa::path(
    get, path = "/v1/caseload-checks/report", operation_id = "read_caseload_check_report", tag = "caseload",
    params(
        ("from" = String, Query, description = "The first day, as `2026-11-01`.", example = "2026-04-01"),
        ("to" = String, Query, description = "The last day, itself counted; at most 31 days in all.", example = "2026-04-30"),
    ),
    responses(
        (status = 200, description = "The checks and looks of these days, counted", body = CheckReport),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_caseload_check_report(request: Request) -> Answer<CheckReport> {
    let (request, days) = request.days(A_MONTH).await?;
    let calendar = request.context().calendar.clone();
    let journal = request.context().journal.clone();
    request.exchange(ReadCheckReport { days, calendar, journal }).await
}
