//! `PATCH /v1/clients/{ref}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::client::{ClientChanged, ClientPresented, UpdateClient, Updated};

/// Changes the agency's own view of its client, as a new version: each member of `person` that is sent replaces the one that is there, and
/// `null` empties it (RFC 7396). What is left out stays, and so does what the worker may not see.
///
/// Action `client.update`; scope `client.write`.
#[utoipa::path(
    patch, path = "/v1/clients/{ref}", operation_id = "update_client", tag = "clients",
    request_body(content = ClientPresented, example = json!({"person": {
        "addresses": [{"kind": "current", "lines": ["1 Test Row"], "postcode": "ZZ1 1ZZ"}], "prison_number": null
    }})),
    params(
        ("ref" = String, Path, description = "The agency's own reference for the person."),
        ("If-Match" = String, Header, description = "The ETag of the version that was read."),
    ),
    responses(
        (status = 200, description = "The new version is written", body = Updated),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 412, description = "version-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn update_client(request: Request) -> Answer<Updated> {
    let client_ref = request.handle("ref");
    let (request, changed) = request.document::<ClientChanged>().await?;
    match changed.check() {
        Ok(()) => {
            let context = request.context();
            let (matcher, journal) = (context.matcher.clone(), context.journal.clone());
            request.record(UpdateClient { client_ref, changed, matcher, journal }).await
        }
        Err(problems) => Err(request.refuse_fields(problems).await),
    }
}
