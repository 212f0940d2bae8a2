//! `GET /v1/assessments/{id}/notices/{notice}`

use serde::Deserialize;

use super::print::print;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::codes::{AppointmentKind, NoticeKind};
use crate::domain::assessment::{NoticePaper, ReadNotice};
use crate::problem::{Problem, ProblemType};

/// What may be asked for.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    appointment: Option<AppointmentKind>,
}

/// A notice of a required assessment as it is handed over: when, where, the duty to come and stay, and what follows from not coming, in
/// plain words; nothing of a test or of a drug. As JSON, or as a page to print where `Accept` prefers `text/html`. `ra1` for the police,
/// `follow-up` for the team, `ra2` for whoever has changed an appointment; each from the appointment as it is booked, before it is served,
/// and again while it is in force. The law asks for it in writing whatever the person said of letters, so it is handed over, never sent.
///
/// Action `notice.read`, and `client.read` for the name; scope `custody.read`.
#[utoipa::path(
    get, path = "/v1/assessments/{id}/notices/{notice}", operation_id = "read_notice", tag = "assessments",
    params(
        ("id" = String, Path, description = "The agency's own handle."),
        ("notice" = NoticeKind, Path, description = "Which."),
        ("appointment" = Option<AppointmentKind>, Query, description = "With `ra2`: which appointment has changed; the initial one if left out."),
        ("Accept" = Option<String>, Header, description = "`text/html` for a page to print."),
    ),
    responses(
        (status = 200, description = "The notice", content((NoticePaper = "application/json"), (String = "text/html"))),
        (status = 400, description = "malformed-request"),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 409, description = "invalid-transition: `errors` names what stands against it"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn read_notice(request: Request) -> Answer<NoticePaper> {
    let id = request.handle("id");
    let Ok(notice) = request.segment("notice").parse::<NoticeKind>() else {
        let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "unknown-notice");
        return Err(request.refuse(problem).await);
    };
    let (request, Asked { appointment }) = request.query::<Asked>().await?;
    let setting = super::setting(request.context());
    let write: fn(&NoticePaper) -> String = print;
    let print = request.prefers_page().then_some(write);
    request.disclose(ReadNotice { id, notice, appointment, setting, print }).await
}
