//! `POST /v1/holds/{id}/lifting`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::erasure::{HoldLifted, HoldMoved, LiftHold};

/// Lifts a legal hold before its last day.
///
/// Action `hold.write`; scope `client.write`; purposes `subject-access`, `court-or-statutory`.
#[utoipa::path(
    post, path = "/v1/holds/{id}/lifting", operation_id = "lift_hold", tag = "erasure",
    request_body(content = HoldLifted, example = json!({"reason": "the claim is settled"})),
    params(
        ("id" = String, Path, description = "The agency's own handle for the hold."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/clients/{ref}/holds`."),
    ),
    responses(
        (status = 200, description = "The hold is lifted", body = HoldMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it was lifted before"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn lift_hold(request: Request) -> Answer<HoldMoved> {
    let hold = request.handle("id");
    let (request, lifted) = request.document::<HoldLifted>().await?;
    request.for_reason(Some(lifted.reason.clone())).record(LiftHold { hold, lifted }).await
}
