//! `GET /v1/audit/recovered`

use crate::api::reply::Public;
use crate::api::request::Request;
use crate::journal::outcome::Stop;
use crate::problem::{Problem, ProblemType};

/// How the log came about, where it came after one that was lost: what its first entry commits to, which is about nobody, and what
/// opens that commitment. The first log of a deployment has none.
#[utoipa::path(
    get, path = "/v1/audit/recovered", operation_id = "read_audit_recovered", tag = "audit",
    responses(
        (status = 200, description = "A line of openings, and the statement", body = String, content_type = "text/plain"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_audit_recovered(request: Request) -> Result<Public<String>, Stop> {
    match request.context().journal.recovered().await? {
        Some(text) => Ok(Public::text(text, "text/plain; charset=utf-8")),
        None => {
            let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "no-recovery");
            Err(request.refuse(problem).await)
        }
    }
}
