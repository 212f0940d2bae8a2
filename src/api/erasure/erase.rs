//! `POST /v1/clients/{ref}/erasure`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::erasure::{ErasePerson, Erased, ErasureRequest};

/// Erases what this agency itself holds of its client: its records, their keys, its references, and what the log says of the
/// person under its key. Others' records stand, and so does every proof. It cannot be undone.
///
/// A legal hold, an open matter of the agency's own, or an exclusion that would lapse unconfirmed stops it; `errors` names which.
///
/// Action `person.erase`; scope `client.write`; purposes `subject-access`, `court-or-statutory`.
#[utoipa::path(
    post, path = "/v1/clients/{ref}/erasure", operation_id = "erase_client", tag = "erasure",
    request_body(content = ErasureRequest, example = json!({
        "authority": "consent-withdrawn", "reason": "asked for at the office, form 12/2026"
    })),
    params(
        ("ref" = String, Path, description = "The agency's own reference for the person."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
        ("If-Match" = String, Header, description = "The ETag of `GET /v1/clients/{ref}/holds`."),
    ),
    responses(
        (status = 200, description = "The agency holds nothing of the person any more; the receipt is the proof", body = Erased),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "erasure-held"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn erase_client(request: Request) -> Answer<Erased> {
    let client_ref = request.handle("ref");
    let (request, order) = request.document::<ErasureRequest>().await?;
    let context = request.context();
    let (calendar, matcher) = (context.calendar.clone(), context.matcher.clone());
    let journal = context.journal.clone();
    request
        .for_reason(Some(order.reason.clone()))
        .relying_on(order.authority.statute_ref())
        .record(ErasePerson { client_ref, request: order, calendar, matcher, journal })
        .await
}
