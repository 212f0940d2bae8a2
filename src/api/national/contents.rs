//! `GET /v1/national-returns`

use serde::Deserialize;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::dir::NationalDataset;
use crate::domain::month::Month;
use crate::domain::national::{ReadReturn, ReturnContents, over};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wanted {
    dataset: Option<NationalDataset>,
    month: Option<Month>,
}

/// The contents of a month's national return: the agency's own clients whose own consent to it counts now, and who were on its caseload in the
/// month. It says where their lines are; each is read by itself.
///
/// Action `return.list`; scope `return.read`; purpose `service-monitoring`.
#[utoipa::path(
    get, path = "/v1/national-returns", operation_id = "read_national_return", tag = "national return",
    params(
        ("dataset" = Option<NationalDataset>, Query, description = "Which return; left out, each."),
        ("month" = Option<String>, Query, description = "A month that is over, as `2026-05`; left out, the last one."),
    ),
    responses(
        (status = 200, description = "Where the lines are", body = ReturnContents),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_national_return(request: Request) -> Answer<ReturnContents> {
    let (request, Wanted { dataset, month }) = request.query::<Wanted>().await?;
    let (calendar, journal) = (request.context().calendar.clone(), request.context().journal.clone());
    match over(month, journal.now(), &calendar) {
        Ok(month) => request.disclose(ReadReturn { dataset, month, calendar, journal }).await,
        Err(faults) => Err(request.refuse_fields(faults.into_iter().map(Into::into).collect()).await),
    }
}
