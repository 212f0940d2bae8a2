//! `GET /v1/caseload-checks`

use serde::Deserialize;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::{AwaitedQuestions, ListQuestions};
use crate::id::Handle;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    r#box: Side,
    cursor: Option<Handle>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Side {
    In,
}

/// The questions that other agencies put to this one and that it has not answered yet, oldest first.
///
/// Action `task.read`; scope `task.read`; purpose `duplicate-check`.
#[utoipa::path(
    get, path = "/v1/caseload-checks", operation_id = "list_caseload_questions", tag = "caseload",
    params(("box" = String, Query, description = "`in`: what was put to this agency.", example = "in"),
        ("cursor" = Option<String>, Query, description = "From the `Link` of the page before.")),
    responses(
        (status = 200, description = "The questions", body = AwaitedQuestions),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_caseload_questions(request: Request) -> Answer<AwaitedQuestions> {
    let (request, Page { r#box: Side::In, cursor }) = request.query::<Page>().await?;
    let (now, today) = (request.context().journal.now(), request.today());
    let journal = request.context().journal.clone();
    request.disclose(ListQuestions { after: cursor, now, today, journal }).await
}
