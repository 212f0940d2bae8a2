//! `POST /v1/matches/{id}/decision`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::matching::{DecideMatch, Decided, DecisionGiven};

/// Decides whether both are one person. `same` joins all that is known of them from now on; `different` keeps them apart, and they
/// are asked about again only when the facts have changed. A later decision reverses an earlier one; the history is kept.
/// Where they are one by something else as well, `different` brings that before the desk, and they stay one until it is decided, too.
///
/// Action `match.decide`; scope `match.decide`; purpose `duplicate-check`; a matching officer of the operator, whose token names the case.
#[utoipa::path(
    post, path = "/v1/matches/{id}/decision", operation_id = "decide_match", tag = "matching",
    params(
        ("id" = String, Path, description = "The desk's own handle."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
        ("If-Match" = String, Header, description = "The ETag of the case that was read."),
    ),
    request_body(content = DecisionGiven, example = json!({"decision": "same", "reason": "one NHS number, a married name"})),
    responses(
        (status = 200, description = "It counts from now on", body = Decided),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: decided so already, or asked anew"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn decide_match(request: Request) -> Answer<Decided> {
    let id = request.handle("id");
    let (request, given) = request.document::<DecisionGiven>().await?;
    let context = request.context();
    let (matcher, calendar) = (context.matcher.clone(), context.calendar.clone());
    let journal = context.journal.clone();
    request
        .for_reason(Some(given.reason.clone()))
        .record(DecideMatch { id, given, matcher, calendar, journal })
        .await
}
