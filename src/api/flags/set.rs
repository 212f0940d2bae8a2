//! `POST /v1/clients/{ref}/flags`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::flag::{FlagMoved, FlagSet, SetFlag};

/// Sets a flag on the agency's own client. While it lives, the agency is told the same day when the person comes up at another:
/// presented, asked about, referred, taken on, in custody. Whoever brings her up learns nothing of it.
///
/// Action `flag.write`; scope `caseload.write`; purposes `treatment`, `continuity-of-care`, `referral`, `duplicate-check`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/flags", operation_id = "set_flag", tag = "flags",
    request_body(content = FlagSet, example = json!({
        "type": "contact-project-first", "reason": "ring the drop-in before a visit", "review_on": "2026-07-01",
        "expires_on": "2026-09-30"
    })),
    params(
        ("ref" = String, Path, description = "The agency's own reference for the person."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 201, description = "The flag lives", body = FlagMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn set_flag(request: Request) -> Answer<FlagMoved> {
    let client_ref = request.handle("ref");
    let (request, set) = request.document::<FlagSet>().await?;
    let setting = super::setting(request.context());
    request.record(SetFlag { client_ref, set, setting }).await
}
