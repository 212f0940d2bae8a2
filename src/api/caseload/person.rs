//! `GET /v1/caseload-checks/{id}/person`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::{AskedAbout, ReadAskedAbout};

/// Whom a question is about, for an agency that answers live: the name to use, the legal names and the date of birth, so that its
/// duty role can tell whether it works with the person. Each look is an entry. Of someone whom the agency has not presented, the
/// token is issued for the question.
///
/// Action `caseload.identify`; scope `caseload.check`; purpose `duplicate-check`.
#[utoipa::path(
    get, path = "/v1/caseload-checks/{id}/person", operation_id = "read_caseload_asked_about", tag = "caseload",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The least by which the person can be known", body = AskedAbout),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_caseload_asked_about(request: Request) -> Answer<AskedAbout> {
    let id = request.handle("id");
    request.disclose(ReadAskedAbout(id)).await
}
