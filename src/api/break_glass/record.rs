//! `GET /v1/opened-records/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::break_glass::{OpenedRecordView, ReadOpenedRecord};

/// A record of another agency's that a broken glass opened, while it is open: identity, contact, drug and alcohol use, physical health,
/// prescribing, drug tests and risk, and nothing else.
///
/// Action `break-glass.read`; scope `break-glass`; purpose `vital-interests`.
#[utoipa::path(
    get, path = "/v1/opened-records/{id}", operation_id = "read_opened_record", tag = "break-glass",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The record, as far as an emergency opens it", body = OpenedRecordView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted: another worker's, or its hour is over"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_opened_record(request: Request) -> Answer<OpenedRecordView> {
    let id = request.handle("id");
    let setting = super::setting(request.context());
    request.disclose(ReadOpenedRecord { id, setting }).await
}
