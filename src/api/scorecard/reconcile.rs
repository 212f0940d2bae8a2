//! `POST /v1/scorecard/reconciliation`

use std::sync::Arc;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::scorecard::{PublishedFigures, ReconcileFigures, Reconciliation};

/// Looks through figures that were published: a note for each that does not follow from its own parts. Nothing is made to fit, and nothing is kept.
///
/// Action `scorecard.reconcile`; scope `scorecard.read`; purpose `service-monitoring`.
#[utoipa::path(
    post, path = "/v1/scorecard/reconciliation", operation_id = "reconcile_figures", tag = "scorecard",
    params(("Idempotency-Key" = String, Header, description = "New for each new request.")),
    request_body(content = PublishedFigures, example = json!({
        "breakdowns": [{"measure": "referrals", "total": "592", "parts": [
            {"part": "police", "count": "127", "percent": "21"}, {"part": "probation", "count": "85", "percent": "14"},
            {"part": "prison", "count": "295", "percent": "50"}, {"part": "court", "count": "1", "percent": "0"},
            {"part": "self", "count": "84", "percent": "15"}]}],
        "quotients": [{"measure": "prescribed-of-referrals", "numerator": "129", "denominator": "592", "percent": "22.25",
            "averaging": "mean-of-quarters"}],
        "thresholds": [{"measure": "iom", "numerator": "82.75", "over": "80", "denominators": ["101.75", "105"]}],
        "rates": [{"measure": "brief-interventions", "total": "2450", "months": 12, "over": "600", "every": "month"}]})),
    responses(
        (status = 200, description = "The notes", body = Reconciliation),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn reconcile_figures(request: Request) -> Answer<Reconciliation> {
    let (request, published) = request.document::<PublishedFigures>().await?;
    request.disclose(ReconcileFigures { published: Arc::new(published) }).await
}
