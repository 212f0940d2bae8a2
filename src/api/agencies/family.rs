//! `GET /v1/family-information`

use super::print::print;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::agency::{FamilyInformation, ReadFamilyInformation};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    area: Option<String>,
}

/// What families may be given: where there is help, and that nothing is told of anybody without that person's word; as JSON, or as a
/// page to print where `Accept` prefers `text/html`. It is made from the directory and knows nobody.
///
/// Action `directory.read`; scope `directory.read`.
#[utoipa::path(
    get, path = "/v1/family-information", operation_id = "read_family_information", tag = "agencies",
    params(
        ("area" = Option<String>, Query, description = "Of the services of this area alone, as the directory names it."),
        ("Accept" = Option<String>, Header, description = "`text/html` for a page to print."),
    ),
    responses(
        (status = 200, description = "The information", content((FamilyInformation = "application/json"), (String = "text/html"))),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_family_information(request: Request) -> Answer<FamilyInformation> {
    let (request, Asked { area }) = request.query::<Asked>().await?;
    let journal = request.context().journal.clone();
    let write: fn(&FamilyInformation) -> String = print;
    let print = request.prefers_page().then_some(write);
    request.disclose(ReadFamilyInformation { area, journal, print }).await
}
