//! `GET /v1/breaches/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::breach::{BreachView, ReadBreach};

/// A breach of this agency's own register.
///
/// Action `breach.read`; scope `custody.read`.
#[utoipa::path(
    get, path = "/v1/breaches/{id}", operation_id = "read_breach", tag = "breaches",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The breach", body = BreachView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_breach(request: Request) -> Answer<BreachView> {
    let id = request.handle("id");
    let calendar = request.context().calendar.clone();
    request.disclose(ReadBreach { id, calendar }).await
}
