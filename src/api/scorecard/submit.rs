//! `POST /v1/scorecard/submissions`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::scorecard::{ScorecardHandedIn, ScorecardSubmitted, SubmitScorecard};

/// Hands in the agency's scorecard of a quarter that is over: the gateway counts it, and what it counted stands from then on. That ends its task.
/// It is for the area if it comes within fifteen working days after the quarter's end.
///
/// Action `scorecard.submit`; scope `scorecard.write`; purpose `service-monitoring`.
#[utoipa::path(
    post, path = "/v1/scorecard/submissions", operation_id = "submit_scorecard", tag = "scorecard",
    params(("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = ScorecardHandedIn, example = json!({"quarter": "2026-Q1"})),
    responses(
        (status = 201, description = "It is handed in", body = ScorecardSubmitted),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 409, description = "invalid-transition: it was handed in, and is not changed"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn submit_scorecard(request: Request) -> Answer<ScorecardSubmitted> {
    let (request, handed_in) = request.document::<ScorecardHandedIn>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.record(SubmitScorecard { handed_in, calendar, journal }).await
}
