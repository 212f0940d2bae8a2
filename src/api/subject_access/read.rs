//! `GET /v1/subject-access/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::subject_access::{ReadSubjectAccess, SubjectAccessView};

/// A request for a person's own account: where it stands, and by when it must be answered. Its ETag is what each step needs.
///
/// Action `subject-access.read`; scope `subject-access`; purpose `subject-access`.
#[utoipa::path(
    get, path = "/v1/subject-access/{id}", operation_id = "read_subject_access", tag = "account",
    params(("id" = String, Path, description = "The agency's own handle for the request.")),
    responses(
        (status = 200, description = "The request", body = SubjectAccessView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_subject_access(request: Request) -> Answer<SubjectAccessView> {
    let (id, today) = (request.handle("id"), request.today());
    request.disclose(ReadSubjectAccess { request: id, today }).await
}
