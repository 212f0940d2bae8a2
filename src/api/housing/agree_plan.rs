//! `POST /v1/joint-assessments/{id}/plan`

use super::setting;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::housing::{AgreePlan, JointMoved, PlanAgreed};

/// Writes down the one plan of a joint assessment, as the person agreed to it; the service does, once both parts are there.
///
/// Action `housing.write`; scope `housing.write`; purpose `housing-support`.
#[utoipa::path(
    post, path = "/v1/joint-assessments/{id}/plan", operation_id = "agree_joint_plan", tag = "housing",
    params(
        ("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/joint-assessments/{id}`."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    request_body(content = PlanAgreed, example = json!({"lines": [{"about": "housing", "goal": "keep the tenancy"},
        {"about": "training", "goal": "begin the course"}], "agreed_on": "2026-06-10"})),
    responses(
        (status = 200, description = "It is written", body = JointMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: a part is missing, or the service keeps the plan"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn agree_joint_plan(request: Request) -> Answer<JointMoved> {
    let id = request.handle("id");
    let (request, agreed) = request.document::<PlanAgreed>().await?;
    let setting = setting(request.context());
    request.record(AgreePlan { id, agreed, setting }).await
}
