//! The free slots of a team, of an area, or of all, those that come next first; and one of them, free or not.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::Slot;
use crate::calendar::Calendar;
use crate::domain::assessment::codes::AppointmentKind;
use crate::id::{AgencyId, Handle};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::SlotRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::Subject;
use crate::store::{Error, Snapshot};

/// How many slots are looked through for one page.
const PAGE: i64 = 200;

/// `GET /appointment-slots`.
pub struct ListSlots {
    /// Of this team alone.
    pub agency: Option<AgencyId>,
    /// Of the teams of this area alone, as the directory names it.
    pub area: Option<String>,
    /// For this kind of appointment alone.
    pub appointment: Option<AppointmentKind>,
    /// After this slot; from now on for the first page.
    pub after: Option<Handle>,
    /// Knows the time and the directory.
    pub journal: Journal,
    /// Civil time.
    pub calendar: Arc<Calendar>,
}

/// `GET /appointment-slots/{id}`.
pub struct ReadSlot {
    /// What everybody calls it.
    pub id: Handle,
    /// Civil time.
    pub calendar: Arc<Calendar>,
}

/// A slot, free or not.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotView {
    /// The slot.
    #[serde(flatten)]
    pub slot: Slot,
    /// Whether it can be taken.
    pub free: bool,
}

impl Disclosure for ReadSlot {
    type Action = SlotRead;
    type View = SlotView;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<SlotRead>,
    ) -> Result<Sealed<SlotView>, Rejection> {
        let row = tx
            .slot_find(self.id)?
            .ok_or_else(|| Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-slot"))?;
        let free = row.is_free;
        let slot = Slot::from_row(row, &self.calendar)?;
        Ok(Sealed::new(permit, SlotView { slot, free }))
    }
}

/// Free slots, the next first.
#[derive(Debug, Serialize, ToSchema)]
pub struct SlotList {
    /// The slots. A page may have none and yet not be the last.
    pub slots: Vec<Slot>,
    #[serde(skip)]
    next: Option<String>,
}

impl Disclosure for ListSlots {
    type Action = SlotRead;
    type View = SlotList;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<SlotRead>,
    ) -> Result<Sealed<SlotList>, Rejection> {
        let now_us = self.journal.now().as_microsecond();
        let after = match self.after {
            Some(id) => (tx.slot_find(id)?.map_or(i64::MAX, |slot| slot.at_us), id),
            None => (now_us, Handle::from_bytes([0; 16])),
        };
        let rows = tx.slots_free(now_us, after, PAGE)?;
        let is_full = i64::try_from(rows.len()) == Ok(PAGE);
        let next = rows.last().filter(|_| is_full).map(|last| last.id.to_string());
        let directory = self.journal.directory();
        let wanted = |slot: &Slot| {
            self.agency.as_ref().is_none_or(|agency| slot.agency == *agency)
                && self.appointment.is_none_or(|kind| slot.appointment == kind)
                && self.area.as_ref().is_none_or(|area| {
                    directory.agency(&slot.agency).is_some_and(|agency| agency.area == *area)
                })
        };
        let slots: Vec<Slot> = rows
            .into_iter()
            .map(|row| Slot::from_row(row, &self.calendar))
            .collect::<Result<Vec<_>, Error>>()?
            .into_iter()
            .filter(wanted)
            .collect();
        Ok(Sealed::new(permit, SlotList { slots, next }))
    }

    fn next_page(view: &SlotList) -> Option<String> {
        view.next.clone()
    }
}
