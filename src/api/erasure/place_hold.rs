//! `POST /v1/clients/{ref}/holds`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::erasure::{HoldMoved, HoldPlaced, PlaceHold};

/// Puts what this agency holds of its client under a legal hold: until its last day, or until it is lifted, nothing is erased.
///
/// Action `hold.write`; scope `client.write`; purposes `subject-access`, `court-or-statutory`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/holds", operation_id = "place_hold", tag = "erasure",
    request_body(content = HoldPlaced, example = json!({
        "ground": "legal-claim", "reason": "letter of claim of 3 June", "until": "2026-12-31"
    })),
    params(
        ("ref" = String, Path, description = "The agency's own reference for the person."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 201, description = "The hold is in force", body = HoldMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn place_hold(request: Request) -> Answer<HoldMoved> {
    let client_ref = request.handle("ref");
    let (request, placed) = request.document::<HoldPlaced>().await?;
    let calendar = request.context().calendar.clone();
    request.for_reason(Some(placed.reason.clone())).record(PlaceHold { client_ref, placed, calendar }).await
}
