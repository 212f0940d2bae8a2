//! `POST /v1/deferrals/{id}/lifting`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::deferral::{DeferralLifted, DeferralMoved, LiftDeferral};

/// Ends a deferral before its last day, or takes a proposal back. One worker is enough: what was held back is told again.
///
/// Action `deferral.lift`; scope `subject-access`; purposes `court-or-statutory`, `safeguarding`.
#[utoipa::path(
    post, path = "/v1/deferrals/{id}/lifting", operation_id = "lift_deferral", tag = "account",
    request_body(content = DeferralLifted, example = json!({"reason": "the operation is over"})),
    params(
        ("id" = String, Path, description = "The agency's own handle for the deferral."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/clients/{ref}/deferrals`."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "The deferral holds nothing back any more", body = DeferralMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is over already"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn lift_deferral(request: Request) -> Answer<DeferralMoved> {
    let deferral = request.handle("id");
    let (request, lifted) = request.document::<DeferralLifted>().await?;
    request.for_reason(Some(lifted.reason.clone())).record(LiftDeferral { deferral, lifted }).await
}
