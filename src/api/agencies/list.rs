//! `GET /v1/agencies`

use serde::Deserialize;

use crate::api::cursor;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::agency::{AgenciesView, AgencyFilter, ListAgencies};
use crate::problem::{Problem, ProblemType};
use crate::vocabulary::AgencyType;

/// The longest name of an area, as in the directory, in bytes.
const LONGEST_AREA: usize = 200;

/// What to look for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    #[serde(rename = "type")]
    agency_type: Option<AgencyType>,
    area: Option<String>,
    cursor: Option<String>,
}

/// The agencies that take part, in the order of their ids.
///
/// Action `directory.read`; scope `directory.read`.
#[utoipa::path(
    get, path = "/v1/agencies", operation_id = "list_agencies", tag = "agencies",
    params(
        ("type" = Option<AgencyType>, Query, description = "Only agencies of this type."),
        ("area" = Option<String>, Query, description = "Only agencies that serve this area."),
        ("cursor" = Option<String>, Query, description = "Where the page begins, as `Link` of the page before said; it keeps the filter."),
    ),
    responses(
        (status = 200, description = "A page of the directory; `Link` leads to the next", body = AgenciesView),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_agencies(request: Request) -> Answer<AgenciesView> {
    let (request, wanted) = request.query::<Wanted>().await?;
    let filter = match filter(&request, wanted) {
        Ok(filter) => filter,
        Err(problem) => return Err(request.refuse(problem).await),
    };
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.disclose(ListAgencies { filter, journal, calendar }).await
}

fn filter(request: &Request, wanted: Wanted) -> Result<AgencyFilter, Problem> {
    let Some(cursor) = wanted.cursor else {
        if wanted.area.as_ref().is_some_and(|area| area.len() > LONGEST_AREA) {
            let message = "must be at most 200 characters long";
            return Err(Problem::field(ProblemType::MalformedRequest, "area", "length", message));
        }
        return Ok(AgencyFilter { agency_type: wanted.agency_type, area: wanted.area, after: None });
    };
    let place = cursor::place(request, &AgencyFilter::cursor_of(request.agency()), &cursor)?;
    serde_json::from_slice(&place).map_err(|_| cursor::malformed())
}
