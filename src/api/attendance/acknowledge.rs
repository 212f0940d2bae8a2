//! `POST /v1/attendance/{id}/acknowledgement`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::attendance::{AcknowledgeAttendance, Told};

/// Says that the team saw to a missed appointment, which ends the task.
///
/// Action `attendance.hear`; scope `referral.read`; purpose `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/attendance/{id}/acknowledgement", operation_id = "acknowledge_attendance", tag = "attendance",
    params(("id" = String, Path, description = "The agency's own handle."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    responses(
        (status = 200, description = "It is noted", body = Told),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: who sent it does not acknowledge it"),
        (status = 422, description = "idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn acknowledge_attendance(request: Request) -> Answer<Told> {
    let id = request.handle("id");
    request.record(AcknowledgeAttendance(id)).await
}
