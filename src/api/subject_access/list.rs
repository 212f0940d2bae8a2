//! `GET /v1/clients/{ref}/subject-access`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::subject_access::{ListSubjectAccess, SubjectAccessList};

/// The requests for her own account that the agency received from its client, and where each stands.
///
/// Action `subject-access.read`; scope `subject-access`; purpose `subject-access`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/subject-access", operation_id = "list_subject_access", tag = "account",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The requests, oldest first", body = SubjectAccessList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_subject_access(request: Request) -> Answer<SubjectAccessList> {
    let client_ref = request.handle("ref");
    let today = request.today();
    request.disclose(ListSubjectAccess { client_ref, today }).await
}
