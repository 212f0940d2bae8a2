//! `POST /v1/subject-access/{id}/{step}`

use std::marker::PhantomData;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::subject_access::{
    SubjectAccessMoved, SubjectAccessStep, SubjectAccessStepBody, TakeSubjectAccessStep,
};
use crate::policy::action::{SubjectAccessDecide, SubjectAccessOpen};
use crate::problem::{Problem, ProblemType};

/// Takes a request for a person's own account one step on: `identity-check`, `extension`, `answer`, `refusal` or `withdrawal`.
///
/// Action `subject-access.open` for `identity-check` and `withdrawal`, else `subject-access.decide`; scope `subject-access`;
/// purpose `subject-access`.
#[utoipa::path(
    post, path = "/v1/subject-access/{id}/{step}", operation_id = "take_subject_access_step", tag = "account",
    request_body(content = SubjectAccessStepBody, example = json!({"manner": "in-person"})),
    params(
        ("id" = String, Path, description = "The agency's own handle for the request."),
        ("step" = SubjectAccessStep, Path, description = "The step.", example = "answer"),
        ("If-Match" = String, Header, description = "The ETag of the version that was read."),
        ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry."),
    ),
    responses(
        (status = 200, description = "The step is taken", body = SubjectAccessMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn take_subject_access_step(request: Request) -> Answer<SubjectAccessMoved> {
    let id = request.handle("id");
    let Ok(step) = request.segment("step").parse::<SubjectAccessStep>() else {
        let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-step");
        return Err(request.refuse(problem).await);
    };
    let (request, body) = request.document::<SubjectAccessStepBody>().await?;
    if let Err(problems) = step.check(&body) {
        return Err(request.refuse_fields(problems).await);
    }
    let calendar = request.context().calendar.clone();
    let request = request.for_reason(body.reason.clone());
    if step.is_decision() {
        let action = PhantomData::<fn() -> SubjectAccessDecide>;
        request.record(TakeSubjectAccessStep { request: id, step, body, calendar, action }).await
    } else {
        let action = PhantomData::<fn() -> SubjectAccessOpen>;
        request.record(TakeSubjectAccessStep { request: id, step, body, calendar, action }).await
    }
}
