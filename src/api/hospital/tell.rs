//! `POST /v1/clients/{ref}/hospital-notices`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::hospital::{HospitalNoticeGiven, HospitalNoticeSent, TellHolders};

/// Says that somebody has overdosed, is in withdrawal, was admitted, or leaves: the clinicians of whoever prescribes for the person or has
/// her on the caseload are told at once. The answer is the same whoever that is, and where nobody does: a reference, and a number at which
/// to quote it. For `vital-interests` all holders are told; for `prescribing-safety` those whom the person lets know. For clinicians of an
/// emergency department alone.
///
/// Action `hospital.tell`; scope `script.write`; purposes `vital-interests`, `prescribing-safety`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/hospital-notices", operation_id = "tell_holders", tag = "hospital",
    params(("ref" = String, Path, description = "The hospital's own reference for the person."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = HospitalNoticeGiven, example = json!({"event": "overdose", "happened_at": "2026-06-01T23:40",
        "ring": "01632 960222"})),
    responses(
        (status = 201, description = "Whoever holds the person is told", body = HospitalNoticeSent),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn tell_holders(request: Request) -> Answer<HospitalNoticeSent> {
    let client_ref = request.handle("ref");
    let (request, given) = request.document::<HospitalNoticeGiven>().await?;
    let setting = super::setting(request.context());
    request.record(TellHolders { client_ref, given, setting }).await
}
