//! `POST /v1/assessments/{id}/notices`

use std::marker::PhantomData;

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::acts::NoticeServed;
use crate::domain::assessment::states::Act;
use crate::domain::assessment::{Asked, AssessmentMoved, TakeAct};
use crate::policy::action::NoticeServe;

/// Serves a notice of a required assessment: `ra1` by the police, before the release and before the initial assessment; `ra2` on each
/// change of time or place, in place of the one before; `follow-up` by the team, before the initial assessment ends. It states the time
/// and the place that are booked, and is said and handed over in writing.
///
/// Action `notice.serve`; scope `custody.write`.
#[utoipa::path(
    post, path = "/v1/assessments/{id}/notices", operation_id = "serve_notice", tag = "assessments",
    params(("id" = String, Path, description = "The agency's own handle."),
        ("If-Match" = String, Header, description = "The `ETag` that was last read."), ("Idempotency-Key" = String, Header, description = "New for each new request; the same for a retry.")),
    request_body(content = NoticeServed, example = json!({"notice": "ra1", "text": "drugs-act-2005-v1", "served_at": "2026-04-02T22:45", "orally": true, "in_writing": true, "dt1_at": "2026-04-02T22:46"})),
    responses(
        (status = 200, description = "It is served", body = AssessmentMoved),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: `errors` names what must come first"),
        (status = 412, description = "version-conflict"),
        (status = 422, description = "unprocessable-document, idempotency-conflict"),
        (status = 428, description = "precondition-required"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn serve_notice(request: Request) -> Answer<AssessmentMoved> {
    let id = request.handle("id");
    let (request, sent) = request.document::<NoticeServed>().await?;
    let occurred =
        request.context().calendar.moment(sent.served_at.date(), sent.served_at.as_datetime().time());
    let request = request.having_occurred_at(Some(occurred));
    let setting = super::setting(request.context());
    let asked = Asked::Act(Act::Serve(sent));
    request.record(TakeAct::<NoticeServe> { id, asked, setting, action: PhantomData }).await
}
