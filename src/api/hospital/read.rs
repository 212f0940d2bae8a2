//! `GET /v1/hospital-notices/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::hospital::{HospitalNoticeView, ReadHospitalNotice};

/// What has happened and which ward to ring, for clinicians of a holder; what holders answered, for the hospital: never by whom, unless
/// the person's consent lets it know.
///
/// Action `hospital.read`; scope `script.read`; purposes `vital-interests`, `prescribing-safety`.
#[utoipa::path(
    get, path = "/v1/hospital-notices/{id}", operation_id = "read_hospital_notice", tag = "hospital",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The notice", body = HospitalNoticeView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_hospital_notice(request: Request) -> Answer<HospitalNoticeView> {
    let id = request.handle("id");
    let setting = super::setting(request.context());
    request.disclose(ReadHospitalNotice { id, setting }).await
}
