//! `POST /v1/joint-visits/{id}/calling-off`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::visit::{CallOffVisit, VisitMoved};

/// The team takes a joint visit back; the officer is told, and not why.
///
/// Action `visit.propose`; scope `referral.write`; purpose `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/joint-visits/{id}/calling-off", operation_id = "call_off_joint_visit", tag = "visits",
    params(
        ("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/joint-visits/{id}`."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "It is called off", body = VisitMoved),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is over"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn call_off_joint_visit(request: Request) -> Answer<VisitMoved> {
    let id = request.handle("id");
    request.record(CallOffVisit(id)).await
}
