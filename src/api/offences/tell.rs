//! `POST /v1/clients/{ref}/offence-counts`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::offences::{CountOffences, OffencesCounted, OffencesNoted};

/// Tells how many offences the national computer holds of somebody whom the police know themselves, in a month that is over. It is told of
/// whoever they can, since the gateway never says of whom it needs it; nobody reads it. Of twenty leavers a quarter, drawn by lot and known to
/// nobody, the scorecard counts how many had none in the three months after theirs.
///
/// Action `offences.tell`; scope `scorecard.write`; purpose `service-monitoring`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/offence-counts", operation_id = "count_offences", tag = "scorecard",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = OffencesCounted, example = json!({"month": "2026-04", "offences": 0})),
    responses(
        (status = 201, description = "It is noted", body = OffencesNoted),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn count_offences(request: Request) -> Answer<OffencesNoted> {
    let client_ref = request.handle("ref");
    let (request, counted) = request.document::<OffencesCounted>().await?;
    let calendar = request.context().calendar.clone();
    request.record(CountOffences { client_ref, counted, calendar }).await
}
