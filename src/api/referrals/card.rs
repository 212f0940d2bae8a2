//! `GET /v1/referrals/{id}/card`

use super::print::print;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::referral::{CardView, ReadCard};

/// The card that a person carries to an anonymous slot: when, where, the need in one word, and whom to ring. For the sender alone, as
/// JSON, or as a page to print where `Accept` prefers `text/html`. Only where the person said that something written is safe; the
/// service is named only where the person said that it may be, and never where its kind tells something.
///
/// Action `referral.read`, and `client.read` for the rule of safe contact; scope `referral.read`.
#[utoipa::path(
    get, path = "/v1/referrals/{id}/card", operation_id = "read_referral_card", tag = "referrals",
    params(
        ("id" = String, Path, description = "The sender's own handle of the referral."),
        ("Accept" = Option<String>, Header, description = "`text/html` for a page to print."),
    ),
    responses(
        (status = 200, description = "The card", content((CardView = "application/json"), (String = "text/html"))),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: no anonymous slot, or over, or (`letter-not-safe` in `errors`) a card is not safe"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_referral_card(request: Request) -> Answer<CardView> {
    let referral = request.handle("id");
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    let write: fn(&CardView) -> String = print;
    let print = request.prefers_page().then_some(write);
    request.disclose(ReadCard { referral, calendar, journal, print }).await
}
