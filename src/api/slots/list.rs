//! `GET /v1/appointment-slots`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::codes::AppointmentKind;
use crate::domain::slot::{ListSlots, SlotList};
use crate::id::{AgencyId, Handle};

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Asked {
    agency: Option<AgencyId>,
    area: Option<String>,
    appointment: Option<AppointmentKind>,
    cursor: Option<Handle>,
}

/// The slots that are free, the next first: of one team, of the teams of one area, or of all.
///
/// Action `slot.read`; scope `custody.read`.
#[utoipa::path(
    get, path = "/v1/appointment-slots", operation_id = "list_appointment_slots", tag = "appointment-slots",
    params(
        ("agency" = Option<String>, Query, description = "Of this team alone."),
        ("area" = Option<String>, Query, description = "Of the teams of this area alone, as the directory names it."),
        ("appointment" = Option<AppointmentKind>, Query, description = "For this kind of appointment alone."),
        ("cursor" = Option<String>, Query, description = "From the `Link` of the page before; the rest as then."),
    ),
    responses(
        (status = 200, description = "Free slots", body = SlotList),
        (status = 401, description = "invalid-token, token-binding-mismatch"),
        (status = 403, description = "purpose-not-permitted, insufficient-scope"),
        (status = 404, description = "not-found-or-not-permitted"),
        (status = 400, description = "malformed-request"),
        (status = 503, description = "audit-unavailable"),
    )
)]
pub async fn list_appointment_slots(request: Request) -> Answer<SlotList> {
    let (request, Asked { agency, area, appointment, cursor }) = request.query::<Asked>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    request.disclose(ListSlots { agency, area, appointment, after: cursor, journal, calendar }).await
}
