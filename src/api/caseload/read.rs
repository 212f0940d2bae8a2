//! `GET /v1/caseload-episodes/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::caseload::{EpisodeView, ReadEpisode};

/// One episode of this agency's own caseload.
///
/// Action `episode.read`; scope `caseload.write`.
#[utoipa::path(
    get, path = "/v1/caseload-episodes/{id}", operation_id = "read_caseload_episode", tag = "caseload",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "The episode", body = EpisodeView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_caseload_episode(request: Request) -> Answer<EpisodeView> {
    let id = request.handle("id");
    let (now, today) = (request.context().journal.now(), request.today());
    request.disclose(ReadEpisode { id, now, today }).await
}
