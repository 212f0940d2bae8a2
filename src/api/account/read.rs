//! `GET /v1/clients/{ref}/disclosures`

use crate::api::cursor::{self, Page};
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::account::{AccountView, ReadAccount};

/// What the log says of the person to which the agency was a party, in plain words, oldest first; refusals included.
///
/// Action `account.read`; scope `subject-access`.
#[utoipa::path(
    get, path = "/v1/clients/{ref}/disclosures", operation_id = "read_disclosures", tag = "account",
    params(
        ("ref" = String, Path, description = "The agency's own reference for the person."),
        ("cursor" = Option<String>, Query, description = "Where the page begins, as `Link` of the page before said."),
    ),
    responses(
        (status = 200, description = "A page of the account; `Link` leads to the next", body = AccountView),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_disclosures(request: Request) -> Answer<AccountView> {
    let client_ref = request.handle("ref");
    let (request, page) = request.query::<Page>().await?;
    let of = ReadAccount::cursor_of(request.agency(), &client_ref);
    let from = match cursor::position(&request, &of, page.cursor.as_deref()) {
        Ok(from) => from,
        Err(problem) => return Err(request.refuse(problem).await),
    };
    let journal = &request.context().journal;
    let (directory, now) = (journal.directory(), journal.now());
    request.disclose(ReadAccount { client_ref, from, directory, now }).await
}
