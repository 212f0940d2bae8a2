//! `POST /v1/referrals/{id}/{transition}`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::referral::transition::{Transition, TransitionBody};
use crate::domain::referral::{ReferralMoved, Reroute, TakeStep};
use crate::problem::{Problem, ProblemType};

/// Takes a step of a referral, for the side that may.
///
/// `return` gives it back to its sender, which sends it again or cancels it. `reroute` sends it on to the agency of the same kind where
/// it belongs, as a referral of its own from the same sender: only by a consent that names both agencies and lets the one pass on to
/// the other; else it is returned, as the answer says.
///
/// Action `referral.transition`, for `reroute` `referral.reroute`; scope `referral.write`.
#[utoipa::path(
    post, path = "/v1/referrals/{id}/{transition}", operation_id = "take_referral_step", tag = "referrals",
    request_body(content = TransitionBody, example = json!({"named_worker": "case-manager-two"})),
    params(
        ("id" = String, Path, description = "The agency's own handle of the referral."),
        ("transition" = Transition, Path, description = "The step.", example = "accept"),
        ("If-Match" = String, Header, description = "The ETag of the version that was read."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "The step is taken", body = ReferralMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition, consent-not-effective, duplicate-caseload"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document: a field does not fit the step"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn take_referral_step(request: Request) -> Answer<ReferralMoved> {
    let referral = request.handle("id");
    let Ok(transition) = request.segment("transition").parse::<Transition>() else {
        let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-step");
        return Err(request.refuse(problem).await);
    };
    let (request, body) = request.document::<TransitionBody>().await?;
    if let Err(problems) = transition.check(&body) {
        return Err(request.refuse_fields(problems).await);
    }
    let context = request.context();
    let (calendar, deadlines) = (context.calendar.clone(), context.deadlines.clone());
    let journal = context.journal.clone();
    match transition {
        Transition::Reroute => request.record(Reroute { referral, body, calendar, deadlines, journal }).await,
        _ => request.record(TakeStep { referral, transition, body, calendar, deadlines, journal }).await,
    }
}
