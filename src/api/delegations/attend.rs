//! `POST /v1/delegations/{id}/attendance`

use crate::api::assessments::setting;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::delegation::{AnswerDelegation, Answered, AttendanceTold, DelegationMoved};

/// Says, as the project, whether the person came to the follow-up and stayed. Nothing else goes back. The team, on which the duty lies, asks
/// for a good cause and records the outcome; only then the police are told.
///
/// Action `delegation.answer`; scope `custody.write`; purpose `continuity-of-care`.
#[utoipa::path(
    post, path = "/v1/delegations/{id}/attendance", operation_id = "tell_follow_up_attendance", tag = "delegations",
    params(("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = AttendanceTold, example = json!({"attendance": "attended-and-remained", "at": "2026-04-13T10:40"})),
    responses(
        (status = 200, description = "It is said", body = DelegationMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: where it stands; `consent-required`"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn tell_follow_up_attendance(request: Request) -> Answer<DelegationMoved> {
    let id = request.handle("id");
    let (request, told) = request.document::<AttendanceTold>().await?;
    let setting = setting(request.context());
    let at = told.at.as_datetime();
    let occurred = setting.calendar.moment(at.date(), at.time());
    let request = request.having_occurred_at(Some(occurred));
    request.record(AnswerDelegation { id, answered: Answered::Attendance(told), setting }).await
}
