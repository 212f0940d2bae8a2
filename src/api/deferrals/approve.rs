//! `POST /v1/deferrals/{id}/approval`

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::deferral::{ApproveDeferral, DeferralMoved};

/// Nothing is stated but the approval itself.
#[derive(Debug, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeferralApproved {}

/// Approves a proposed deferral, as the second who must: a Caldicott guardian, and another worker than the one who proposed it.
///
/// Action `deferral.approve`; scope `subject-access`; purposes `court-or-statutory`, `safeguarding`.
#[utoipa::path(
    post, path = "/v1/deferrals/{id}/approval", operation_id = "approve_deferral", tag = "account",
    request_body(content = DeferralApproved, example = json!({})),
    params(
        ("id" = String, Path, description = "The agency's own handle for the deferral."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/clients/{ref}/deferrals`."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "The deferral is in force", body = DeferralMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it awaits no approval, or not this worker's"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn approve_deferral(request: Request) -> Answer<DeferralMoved> {
    let deferral = request.handle("id");
    let (request, DeferralApproved {}) = request.document::<DeferralApproved>().await?;
    request.record(ApproveDeferral { deferral }).await
}
