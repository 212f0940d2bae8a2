//! `GET /v1/inbound-referrals/{id}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::inbound::{InboundView, ReadInbound};

/// Who was sent in, for the service that received it.
///
/// Action `inbound.read`; scope `referral.read`; purposes `referral`, `continuity-of-care`.
#[utoipa::path(
    get, path = "/v1/inbound-referrals/{id}", operation_id = "read_inbound_referral", tag = "inbound",
    params(("id" = String, Path, description = "The agency's own handle.")),
    responses(
        (status = 200, description = "Who was sent in", body = InboundView),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_inbound_referral(request: Request) -> Answer<InboundView> {
    let id = request.handle("id");
    request.disclose(ReadInbound(id)).await
}
