//! `GET /v1/joint-assessments/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::housing::{JointView, ReadJoint};

/// A joint assessment, as the service or as the landlord: which reads its own part and what of the plan is about the home, as long as
/// the person agrees.
///
/// Action `housing.read`; scope `housing.read`; purpose `housing-support`.
#[utoipa::path(
    get, path = "/v1/joint-assessments/{id}", operation_id = "read_joint_assessment", tag = "housing",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The assessment", body = JointView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_joint_assessment(request: Request) -> Answer<JointView> {
    let id = request.handle("id");
    request.disclose(ReadJoint(id)).await
}
