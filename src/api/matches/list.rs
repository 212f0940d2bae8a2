//! `GET /v1/matches`

use serde::Deserialize;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::matching::{ListMatches, MatchList};
use crate::id::Handle;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    cursor: Option<Handle>,
}

/// The cases of the matching desk that nobody has decided, oldest first.
///
/// Action `match.read`; scope `match.read`; purpose `duplicate-check`; a matching officer of the operator.
#[utoipa::path(
    get, path = "/v1/matches", operation_id = "list_matches", tag = "matching",
    params(("cursor" = Option<String>, Query, description = "From the `Link` of the page before.")),
    responses(
        (status = 200, description = "The cases", body = MatchList),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_matches(request: Request) -> Answer<MatchList> {
    let (request, Page { cursor }) = request.query::<Page>().await?;
    request.disclose(ListMatches { after: cursor }).await
}
