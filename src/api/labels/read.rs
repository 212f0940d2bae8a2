//! `GET /v1/labels`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::labels::{LabelsView, ReadLabels};

/// What the codes of the interface are called at this place, by list and code. Codes never change; labels are for people to read.
///
/// Action `directory.read`; scope `directory.read`.
#[utoipa::path(
    get, path = "/v1/labels", operation_id = "read_labels", tag = "labels",
    responses(
        (status = 200, description = "The labels", body = LabelsView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_labels(request: Request) -> Answer<LabelsView> {
    let labels = request.context().labels.clone();
    request.disclose(ReadLabels(labels)).await
}
