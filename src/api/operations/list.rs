//! `GET /v1/operations-days`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::operations::{ListDays, OperationsDays};

/// The days that were announced to the agency, from today on, each with how many of its slots are free then.
///
/// Action `operation.read`; scope `custody.read`; purposes `referral`, `continuity-of-care`.
#[utoipa::path(
    get, path = "/v1/operations-days", operation_id = "list_operations_days", tag = "operations",
    responses(
        (status = 200, description = "The days, the next first", body = OperationsDays),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_operations_days(request: Request) -> Answer<OperationsDays> {
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.disclose(ListDays { journal, calendar }).await
}
