//! `GET /v1/concerns/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::safeguarding::{ConcernView, ReadConcern};

/// A concern, for who raised it, who reviews it, and children's services.
///
/// Action `concern.read`; scope `safeguarding.read`; purpose `safeguarding`.
#[utoipa::path(
    get, path = "/v1/concerns/{id}", operation_id = "read_concern", tag = "safeguarding",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The concern", body = ConcernView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_concern(request: Request) -> Answer<ConcernView> {
    let id = request.handle("id");
    let (journal, help_line) = (request.context().journal.clone(), request.context().help_line.clone());
    request.disclose(ReadConcern { id, journal, help_line }).await
}
