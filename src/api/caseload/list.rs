//! `GET /v1/clients/{ref}/caseload-episodes`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::{EpisodeList, ListEpisodes};

/// The client's episodes on this agency's own caseload, oldest first.
///
/// Action `episode.read`; scope `caseload.write`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/caseload-episodes", operation_id = "list_caseload_episodes", tag = "caseload",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The agency's own episodes", body = EpisodeList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_caseload_episodes(request: Request) -> Answer<EpisodeList> {
    let client_ref = request.handle("ref");
    let (now, today) = (request.context().journal.now(), request.today());
    request.disclose(ListEpisodes { client_ref, now, today }).await
}
