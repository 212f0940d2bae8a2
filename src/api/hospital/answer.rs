//! `POST /v1/hospital-notices/{id}/answer`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::hospital::{AnswerHospital, HospitalAnswerGiven, HospitalAnswered};

/// Says what the holder prescribes, when a dose was last seen taken and when it was last collected, or that it prescribes nothing. The
/// hospital is told at once that there is an answer, and not whose. What was told by consent is answered by consent (`prescribing`, from
/// the holder to the hospital). Each holder answers once.
///
/// Action `hospital.answer`; scope `script.write`; purposes `vital-interests`, `prescribing-safety`.
#[utoipa::path(
    post, path = "/v1/hospital-notices/{id}/answer", operation_id = "answer_hospital_notice", tag = "hospital",
    params(("id" = String, Path, description = "The agency's own handle."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = HospitalAnswerGiven, example = json!({"prescribes": true, "drug": "methadone",
        "last_collected_on": "2026-06-01"})),
    responses(
        (status = 200, description = "It is answered", body = HospitalAnswered),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it was answered, or the person's consent is missing"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn answer_hospital_notice(request: Request) -> Answer<HospitalAnswered> {
    let id = request.handle("id");
    let (request, given) = request.document::<HospitalAnswerGiven>().await?;
    if let Err(faults) = given.check(request.today()) {
        let problems = faults.into_iter().map(Into::into).collect();
        return Err(request.refuse_fields(problems).await);
    }
    let setting = super::setting(request.context());
    request.record(AnswerHospital { id, given, setting }).await
}
