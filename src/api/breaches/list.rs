//! `GET /v1/breaches`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::breach::{BreachList, ListBreaches};

/// From when on.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Range {
    /// Only breaches from this day on; all if left out.
    #[param(value_type = Option<String>, format = Date)]
    from: Option<jiff::civil::Date>,
}

/// The weekly list of this agency's register: how many breaches came in, how many led to an arrest, and those that are outstanding, the
/// most urgent first.
///
/// Action `breach.read`; scope `custody.read`.
#[utoipa::path(
    get, path = "/v1/breaches", operation_id = "list_breaches", tag = "breaches",
    params(Range),
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
    let (request, range) = request.query::<Range>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.disclose(ListBreaches { from: range.from, journal, calendar }).await
}
