//! `GET /v1/return-consents/{id}/line`

use serde::Deserialize;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::month::Month;
use crate::domain::national::{LineView, ReadLine, over};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    month: Option<Month>,
}

/// One person's line of a month's national return: initials, date of birth and sex, and her cases of the month, from the agency's own records.
/// While her own consent to it counts; after she took it back there is none, of any month. Reading it is what her account calls being put
/// into the return.
///
/// Action `return.read`; scope `return.read`; purpose `service-monitoring`.
#[utoipa::path(
    get, path = "/v1/return-consents/{id}/line", operation_id = "read_return_line", tag = "national return",
    params(
        ("id" = String, Path, description = "The agency's own handle of the consent."),
        ("month" = Option<String>, Query, description = "A month that is over, as `2026-05`; left out, the last one."),
    ),
    responses(
        (status = 200, description = "The line", body = LineView),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_return_line(request: Request) -> Answer<LineView> {
    let id = request.handle("id");
    let (request, Wanted { month }) = request.query::<Wanted>().await?;
    let (calendar, now) = (request.context().calendar.clone(), request.context().journal.now());
    match over(month, now, &calendar) {
        Ok(month) => request.disclose(ReadLine { id, month, calendar, now }).await,
        Err(faults) => Err(request.refuse_fields(faults.into_iter().map(Into::into).collect()).await),
    }
}
