//! `GET /v1/meeting-pages`

use jiff::civil::Date;
use serde::Deserialize;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::meeting::{ListPages, PageList};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    on: Date,
}

/// The contents of the agency's own pack for the meetings of a day: where its pages are. Each is read by itself.
///
/// Action `meeting.list`; scope `referral.read`; purpose `offender-management`.
#[utoipa::path(
    get, path = "/v1/meeting-pages", operation_id = "list_meeting_pages", tag = "meetings",
    params(("on" = String, Query, description = "The day of the meeting, as `2026-06-16`.", example = "2026-06-16")),
    responses(
        (status = 200, description = "The pages", body = PageList),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_meeting_pages(request: Request) -> Answer<PageList> {
    let (request, Wanted { on }) = request.query::<Wanted>().await?;
    let (calendar, journal) = (request.context().calendar.clone(), request.context().journal.clone());
    request.disclose(ListPages { on, calendar, journal }).await
}
