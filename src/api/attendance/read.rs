//! `GET /v1/attendance/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::attendance::{HeardView, ReadAttendance};

/// How an appointment was kept: for the team that is told, as long as the person agrees; for probation, under the order; and for the
/// service that told it.
///
/// Action `attendance.hear`; scope `referral.read`; purpose `continuity-of-care`, for probation `offender-management`.
#[utoipa::path(
    get, path = "/v1/attendance/{id}", operation_id = "read_told_attendance", tag = "attendance",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "How it was kept", body = HeardView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_told_attendance(request: Request) -> Answer<HeardView> {
    let id = request.handle("id");
    request.disclose(ReadAttendance(id)).await
}
