//! `POST /v1/clients`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::client::{ClientPresented, Present, Presented};

/// Presents a person's details, and answers the agency's own reference: alike whether or not anybody else knows the person.
///
/// Action `client.present`; scope `client.write`.
#[utoipa::path(
    post, path = "/v1/clients", operation_id = "present_client", tag = "clients",
    request_body(content = ClientPresented, example = json!({"person": {
        "names": [{"kind": "legal", "forename": "Fixture", "surname": "Cedar"}],
        "date_of_birth": "1988-02-29", "sex": "female"
    }})),
    params(("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    responses(
        (status = 201, description = "The person is a client of the agency", body = Presented),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn present_client(request: Request) -> Answer<Presented> {
    let (request, presented) = request.document::<ClientPresented>().await?;
    match presented.check() {
        Ok(()) => {
            let context = request.context();
            let (matcher, journal) = (context.matcher.clone(), context.journal.clone());
            request.record(Present { presented, matcher, journal }).await
        }
        Err(problems) => Err(request.refuse_fields(problems).await),
    }
}
