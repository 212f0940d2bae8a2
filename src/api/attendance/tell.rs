//! `POST /v1/clients/{ref}/attendance`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::attendance::{AttendanceTold, TellAttendance, Told};

/// Tells the team that placed an appointment, with the person's consent, or probation, for the order that asks the person to come, how the
/// appointment was kept.
///
/// Action `attendance.tell`; scope `referral.write`; purpose `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/attendance", operation_id = "tell_attendance", tag = "attendance",
    params(("ref" = String, Path, description = "The agency's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = AttendanceTold, example = json!({"agency": "northmoor-probation", "appointment_at": "2026-06-01T10:30",
        "kept": "missed", "order": "drr"})),
    responses(
        (status = 201, description = "It is told", body = Told),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: the person's consent is missing"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn tell_attendance(request: Request) -> Answer<Told> {
    let client_ref = request.handle("ref");
    let (request, told) = request.document::<AttendanceTold>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.record(TellAttendance { client_ref, told, journal, calendar }).await
}
