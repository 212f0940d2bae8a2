//! `GET /v1/clients/{ref}/return-consents`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::national::{ReadReturnConsents, ReturnConsentList};

/// What a client told the agency itself about national returns, and whether it counts now.
///
/// Action `consent.read`; scope `consent.read`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/return-consents", operation_id = "list_return_consents", tag = "national return",
    params(("ref" = String, Path, description = "The agency's own reference for the person.")),
    responses(
        (status = 200, description = "Her consents, oldest first", body = ReturnConsentList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_return_consents(request: Request) -> Answer<ReturnConsentList> {
    let (client_ref, context) = (request.handle("ref"), request.context());
    let (calendar, now) = (context.calendar.clone(), context.journal.now());
    request.disclose(ReadReturnConsents { client_ref, calendar, now }).await
}
