//! `GET /v1/clients/{ref}/deferrals`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::deferral::{DeferralsView, ListDeferrals};

/// The agency's own deferrals about its client, those that are over too. Its ETag is what an approval and a lifting need.
///
/// Action `deferral.read`; scope `subject-access`; purposes `court-or-statutory`, `safeguarding`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/deferrals", operation_id = "list_deferrals", tag = "account",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The deferrals, oldest first", body = DeferralsView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_deferrals(request: Request) -> Answer<DeferralsView> {
    let (client_ref, now) = (request.handle("ref"), request.context().journal.now());
    request.disclose(ListDeferrals { client_ref, now }).await
}
