//! `GET /v1/pick-ups/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::release::{PickUpView, ReadPickUp};

/// A pick-up, for one of its three parties, as far as the person's consent lets it be told: the team near the prison who, when, where and
/// how to speak to the person; the prison's team who and when. A token may name the pick-up itself.
///
/// Action `pick-up.read`; scope `caseload.write`.
#[utoipa::path(
    get, path = "/v1/pick-ups/{id}", operation_id = "read_pick_up", tag = "releases",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The pick-up", body = PickUpView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_pick_up(request: Request) -> Answer<PickUpView> {
    let id = request.handle("id");
    request.disclose(ReadPickUp(id)).await
}
