//! `POST /v1/clients/{ref}/subject-access`

use jiff::civil::time;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::subject_access::{ReceiveSubjectAccess, SubjectAccessMoved, SubjectAccessReceived};

/// Enters a person's request for her own account of disclosures, in whatever way it was made, with how she was identified where
/// that was done at once. The answer is due a month after its receipt (UK GDPR Art. 12(3)), or on the next working day.
///
/// Action `subject-access.open`; scope `subject-access`; purpose `subject-access`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/subject-access", operation_id = "receive_subject_access", tag = "account",
    request_body(content = SubjectAccessReceived, example = json!({
        "received_on": "2026-06-01", "asked_by": "person", "identity": {"means": "photo-document", "seen_alone": true}
    })),
    params(
        ("ref" = String, Path, description = "The agency's own reference for the person."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 201, description = "The request is entered", body = SubjectAccessMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn receive_subject_access(request: Request) -> Answer<SubjectAccessMoved> {
    let client_ref = request.handle("ref");
    let (request, received) = request.document::<SubjectAccessReceived>().await?;
    let calendar = request.context().calendar.clone();
    // What was received days ago is late in the log, not tampered with.
    let is_late = received.received_on < calendar.date_of(request.context().journal.now());
    let received_at = is_late.then(|| calendar.moment(received.received_on, time(0, 0, 0, 0)));
    request
        .having_occurred_at(received_at)
        .record(ReceiveSubjectAccess { client_ref, received, calendar })
        .await
}
