//! `GET /v1/scorecard`

use serde::Deserialize;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::scorecard::{Quarter, ReadScorecard, ScorecardView, Span};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    from: Quarter,
    to: Quarter,
}

/// The agency's own scorecard, counted as its records stand now: every measure with what it counts, its numerator and denominator, how it is
/// averaged and rounded. What the gateway has no records of says `not-held`, never 0. Nothing is left out.
///
/// Action `scorecard.read`; scope `scorecard.read`; purpose `service-monitoring`.
#[utoipa::path(
    get, path = "/v1/scorecard", operation_id = "read_scorecard", tag = "scorecard",
    params(
        ("from" = String, Query, description = "The first quarter of a calendar year.", example = "2026-Q1"),
        ("to" = String, Query, description = "The last, itself counted; at most four in all.", example = "2026-Q1"),
    ),
    responses(
        (status = 200, description = "The measures", body = ScorecardView),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 422, description = "unprocessable-document: more records than one report looks through"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_scorecard(request: Request) -> Answer<ScorecardView> {
    let (request, Wanted { from, to }) = request.query::<Wanted>().await?;
    let span = Span { from, to };
    if let Err(faults) = span.check(request.today()) {
        return Err(request.refuse_fields(faults.into_iter().map(Into::into).collect()).await);
    }
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.disclose(ReadScorecard { span, calendar, journal }).await
}
