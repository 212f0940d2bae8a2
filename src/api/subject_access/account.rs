//! `GET /v1/subject-access/{id}/account`

use super::print::print;
use crate::api::cursor::{self, Page};
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::account::{ReadWholeAccount, WholeAccountView};

/// The person's whole account, under a request whose asker was identified and that is still open: what was done with what is
/// held about her, by whomever, in plain words, oldest first; refusals included. As JSON, or as a page to print where `Accept`
/// prefers `text/html`. What is silent is told only where this agency knows of it already, and to the person alone.
///
/// Action `account.release`; scope `subject-access`; purpose `subject-access`.
#[utoipa::path(
    get, path = "/v1/subject-access/{id}/account", operation_id = "read_subject_access_account", tag = "account",
    params(
        ("id" = String, Path, description = "The agency's own handle for the request."),
        ("cursor" = Option<String>, Query, description = "Where the page begins, as `Link` of the page before said."),
        ("Accept" = Option<String>, Header, description = "`text/html` for a page to print."),
    ),
    responses(
        (status = 200, description = "A page of the account; `Link` leads to the next", content(
            (WholeAccountView = "application/json"), (String = "text/html"),
        )),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted: also where nobody was identified under this request"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_subject_access_account(request: Request) -> Answer<WholeAccountView> {
    let id = request.handle("id");
    let (request, page) = request.query::<Page>().await?;
    let of = ReadWholeAccount::cursor_of(request.agency(), &id);
    let from = match cursor::position(&request, &of, page.cursor.as_deref()) {
        Ok(from) => from,
        Err(problem) => return Err(request.refuse(problem).await),
    };
    let journal = request.context().journal.clone();
    let write: fn(&WholeAccountView) -> String = print;
    let print = request.prefers_page().then_some(write);
    request.disclose(ReadWholeAccount { request: id, from, journal, print }).await
}
