//! Slots that teams offer for assessments, for whoever books in custody: at any hour, from any area.

mod give_back;
mod list;
mod offer;
mod take;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::calendar::Calendar;
use crate::domain::assessment::codes::AppointmentKind;
use crate::domain::minute::Minute;
use crate::id::{AgencyId, Handle};
use crate::store::Error;
use crate::store::slot::SlotRow;

pub(in crate::domain) use give_back::give_back;
pub use list::{ListSlots, ReadSlot, SlotList, SlotView};
pub use offer::{OfferSlot, SlotMoved, SlotOffered, WithdrawSlot};
pub use take::take_slot;

/// A slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = AppointmentSlot)]
pub struct Slot {
    /// What everybody calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// The team that offers it.
    pub agency: AgencyId,
    /// What it is for.
    pub appointment: AppointmentKind,
    /// When.
    pub at: Minute,
    /// Where.
    pub place: String,
}

impl Slot {
    fn from_row(row: SlotRow, calendar: &Calendar) -> Result<Self, Error> {
        let at = Timestamp::from_microsecond(row.at_us).map_err(|_| Error::Corrupt("a slot at no time"))?;
        Ok(Self {
            id: row.id,
            agency: row.agency,
            appointment: row.kind.parse().map_err(|_| Error::Corrupt("a slot for nothing"))?,
            at: Minute::of(calendar.civil(at)),
            place: row.place,
        })
    }
}
