//! `POST /v1/joint-assessments/{id}/part`

use super::setting;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::housing::{JointMoved, PartWritten, WritePart};

/// Writes the agency's own part of a joint assessment, once. What the service writes of the need the landlord never reads.
///
/// Action `housing.write`; scope `housing.write`; purpose `housing-support`.
#[utoipa::path(
    post, path = "/v1/joint-assessments/{id}/part", operation_id = "write_assessment_part", tag = "housing",
    params(
        ("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/joint-assessments/{id}`."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    request_body(content = PartWritten, example = json!({"text": "Needs support with the mornings.", "key_worker": "testa-rowan"})),
    responses(
        (status = 200, description = "It is written", body = JointMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is there already"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn write_assessment_part(request: Request) -> Answer<JointMoved> {
    let id = request.handle("id");
    let (request, written) = request.document::<PartWritten>().await?;
    let setting = setting(request.context());
    request.record(WritePart { id, written, setting }).await
}
