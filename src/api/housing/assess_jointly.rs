//! `POST /v1/clients/{ref}/joint-assessments`

use super::setting;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::housing::{AssessJointly, JointMoved, JointOpened};

/// Begins an assessment in two parts with a landlord: the service writes what the person needs, the landlord how the tenancy is kept,
/// and each names its key worker.
///
/// Action `housing.write`; scope `housing.write`; purpose `housing-support`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/joint-assessments", operation_id = "assess_jointly", tag = "housing",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = JointOpened, example = json!({"provider": "testhomes"})),
    responses(
        (status = 201, description = "It is begun", body = JointMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the person's consent is missing"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn assess_jointly(request: Request) -> Answer<JointMoved> {
    let client_ref = request.handle("ref");
    let (request, opened) = request.document::<JointOpened>().await?;
    let setting = setting(request.context());
    request.record(AssessJointly { client_ref, opened, setting }).await
}
