//! `GET /v1/scorecard/area`

use serde::Deserialize;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::scorecard::{AreaScorecardView, Quarter, ReadAreaScorecard, check_stands};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    quarter: Quarter,
}

/// The scorecard of the commissioner's own area: what its agencies handed in for a quarter in time. Numbers below five say `suppressed`, and so do
/// others beside them, so that none follows from what is left. It is the same each time that it is read.
///
/// Action `scorecard.area`; scope `scorecard.read`; purpose `service-monitoring`.
#[utoipa::path(
    get, path = "/v1/scorecard/area", operation_id = "read_area_scorecard", tag = "scorecard",
    params(
        ("quarter" = String, Query, description = "A quarter that ended more than fifteen working days ago.", example = "2026-Q1"),
    ),
    responses(
        (status = 200, description = "The measures", body = AreaScorecardView),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_area_scorecard(request: Request) -> Answer<AreaScorecardView> {
    let (request, Wanted { quarter }) = request.query::<Wanted>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    if let Err(faults) = check_stands(quarter, journal.now(), &calendar) {
        return Err(request.refuse_fields(faults.into_iter().map(Into::into).collect()).await);
    }
    request.disclose(ReadAreaScorecard { quarter, calendar, journal }).await
}
