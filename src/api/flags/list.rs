//! `GET /v1/clients/{ref}/flags`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::flag::{FlagList, ListFlags};

/// The agency's own flags about its client, those that are over too.
///
/// Action `flag.read`; scope `caseload.write`; purposes `treatment`, `continuity-of-care`, `referral`, `duplicate-check`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/flags", operation_id = "list_flags", tag = "flags",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "The flags, oldest first", body = FlagList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_flags(request: Request) -> Answer<FlagList> {
    let (client_ref, context) = (request.handle("ref"), request.context());
    let (calendar, now) = (context.calendar.clone(), context.journal.now());
    request.disclose(ListFlags { client_ref, calendar, now }).await
}
