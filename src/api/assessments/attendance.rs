//! `GET /v1/assessments/{id}/attendance`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::{AttendanceView, ReadAttendance};

/// Whether the person came to an assessment and stayed, for the police: where the law required it and notice was served, or where the
/// person agreed. Never why not, and never what was said. Whatever else stands against it, the answer is the same 404.
///
/// Action `attendance.read`; scope `custody.read`.
#[utoipa::path(
    get, path = "/v1/assessments/{id}/attendance", operation_id = "read_attendance", tag = "assessments",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "Whether the person came", body = AttendanceView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_attendance(request: Request) -> Answer<AttendanceView> {
    let id = request.handle("id");
    request.disclose(ReadAttendance(id)).await
}
