//! `GET /v1/appointment-slots`

use crate::api::request::Request;
use crate::api::router::Answer;
use crate::domain::assessment::codes::AppointmentKind;
use crate::domain::slot::{ListSlots, SlotList};
use crate::id::{AgencyId, Handle};

/// Which slots.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Which {
    /// Of this team alone.
    #[param(value_type = Option<String>)]
    agency: Option<AgencyId>,
    /// Of the teams of this area alone.
    area: Option<String>,
    /// For this kind of appointment alone.
    #[param(inline)]
    appointment: Option<AppointmentKind>,
    /// After this slot: the cursor of the next page.
    #[param(value_type = Option<String>)]
    after: Option<Handle>,
}

/// The slots that are free, the next first: of one team, of the teams of one area, or of all.
///
/// Action `slot.read`; scope `custody.read`.
#[utoipa::path(
    get, path = "/v1/appointment-slots", operation_id = "list_appointment_slots", tag = "appointment-slots",
    params(Which),
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
    let (request, which) = request.query::<Which>().await?;
    let (journal, calendar) = (request.context().journal.clone(), request.context().calendar.clone());
    let Which { agency, area, appointment, after } = which;
    request.disclose(ListSlots { agency, area, appointment, after, journal, calendar }).await
}
