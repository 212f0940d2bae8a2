//! `POST /v1/assessments/{id}/breaches`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::breach::{BreachMoved, BreachOpened, OpenBreach};

/// Records that a required assessment was missed without good cause. Refused where no notice in force told of the appointment, the
/// service took it back, there was a good cause, a condition of bail put an end to the requirement, or the person died: `errors` names
/// which. Of somebody who need not come there is none: the answer is the 404 of everybody unknown.
///
/// Action `breach.write`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/assessments/{id}/breaches", operation_id = "open_breach", tag = "breaches",
    params(("id" = String, Path, description = "The agency's own handle of the assessment."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = BreachOpened, example = json!({"appointment": "initial", "no_good_cause": true})),
    responses(
        (status = 201, description = "It is recorded", body = BreachMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: `errors` names what stands against it"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn open_breach(request: Request) -> Answer<BreachMoved> {
    let assessment = request.handle("id");
    let (request, opened) = request.document::<BreachOpened>().await?;
    let setting = crate::api::assessments::setting(request.context());
    request.record(OpenBreach { assessment, opened, setting }).await
}
