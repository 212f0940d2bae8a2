//! `GET /v1/consents/{id}/preview`

use super::print::print;
use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::consent::preview::{ConsentPreview, PreviewConsent};

/// Who could see what under this consent, for which purpose, until when, and what taking it back would call off: as codes, and in plain
/// words to read out, as JSON, or as a page to print where `Accept` prefers `text/html`. The agency that took the consent is told of all
/// recipients, any other of itself alone. On the page stand no name and no segment that tell something by themselves.
///
/// Action `consent.read`; scope `consent.read`.
#[utoipa::path(
    get, path = "/v1/consents/{id}/preview", operation_id = "preview_consent", tag = "consents",
    params(
        ("id" = String, Path, description = "The agency's own handle for the consent."),
        ("Accept" = Option<String>, Header, description = "`text/html` for a page to print."),
    ),
    responses(
        (status = 200, description = "A line for each recipient and purpose that the reader may know of, and the same in words",
            content((ConsentPreview = "application/json", example = json!({
                "lines": [{"recipient": "testhomes", "recipient_name": "Testhomes", "purpose": "housing-support",
                    "segments": ["housing"]}],
                "recipients": [{"recipient": "testhomes", "recipient_name": "Testhomes", "says": [
                    "For helping you with housing, it could see: your housing.",
                    "It could not see this, although it stands in the form: your drug use.",
                    "It could see nothing else that is held about you."]}],
                "conditions": ["It would come from: Northmoor Criminal Justice Integrated Team.",
                    "It counts until 1 May 2027, or with a service that you are sent to until you have arrived there, if that comes first.",
                    "Who is shown something must not pass it on."],
                "taking_back": ["You can take it back at any of these services, at any time, also by telephone. From then on nobody \
                    is shown anything more by it."],
                "goes_on": ["Each service keeps what it wrote itself and what it received before now, and every look at it stays on \
                    record. You can ask for that list."]
            })), (String = "text/html"))),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn preview_consent(request: Request) -> Answer<ConsentPreview> {
    let consent = request.handle("id");
    let context = request.context();
    let (journal, calendar, labels) =
        (context.journal.clone(), context.calendar.clone(), context.labels.clone());
    let write: fn(&ConsentPreview) -> String = print;
    let print = request.prefers_page().then_some(write);
    request.disclose(PreviewConsent { consent, journal, calendar, labels, print }).await
}
