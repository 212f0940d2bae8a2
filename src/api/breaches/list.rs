//! `GET /v1/breaches`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::breach::{BreachList, ListBreaches};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    from: Option<jiff::civil::Date>,
}

/// The weekly list of this agency's register: how many breaches came in, how many led to an arrest, and those that are outstanding, the
/// most urgent first.
///
/// Action `breach.read`; scope `custody.read`.
#[utoipa::path(
    get, path = "/v1/breaches", operation_id = "list_breaches", tag = "breaches",
    params(("from" = Option<String>, Query, description = "Only breaches from this day on; all if left out.")),
    responses(
        (status = 200, description = "The list", body = BreachList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 400, description = "malformed-request"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_breaches(request: Request) -> Answer<BreachList> {
    let (request, Asked { from }) = request.query::<Asked>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.disclose(ListBreaches { from, journal, calendar }).await
}
