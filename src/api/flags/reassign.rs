//! `POST /v1/flags/{id}/reassignment`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::flag::{FlagMoved, FlagReassigned, ReassignFlag};

/// Gives a flag, and what there is to do about it, to another worker of the agency, or back to whoever is on duty. The team manager does.
///
/// Action `flag.assign`; scope `caseload.write`; purposes as for the list.
#[utoipa::path(
    post, path = "/v1/flags/{id}/reassignment", operation_id = "reassign_flag", tag = "flags",
    request_body(content = FlagReassigned, example = json!({"to": "demo-hazel", "reason": "holidays"})),
    params(
        ("id" = String, Path, description = "The agency's own handle for the flag."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/flags/{id}`."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "It lies with somebody else", body = FlagMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: it is over"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn reassign_flag(request: Request) -> Answer<FlagMoved> {
    let id = request.handle("id");
    let (request, reassigned) = request.document::<FlagReassigned>().await?;
    let setting = super::setting(request.context());
    let reason = Some(reassigned.reason.clone());
    request.for_reason(reason).record(ReassignFlag { id, reassigned, setting }).await
}
