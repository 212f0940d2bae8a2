//! Telling both sides of a conflict: an event at once, and a task for whoever is on duty as prescriber, from the day on which it is open.

use jiff::civil::{Date, time};
use jiff::{Timestamp, ToSpan as _};

use super::codes::ConflictState;
use super::conflict::{ConflictRecord, LONGEST_BRIDGE_DAYS};
use crate::calendar::Calendar;
use crate::id::{AgencyId, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::store::change::Changes;
use crate::store::record::Kind;
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{DutyRole, EventType, TaskKind};

/// When the deputy is told, if nobody has settled it (our default).
const REMIND_HOURS: i64 = 2;
/// How many working days the two sides have to settle it (our default).
const SETTLE_WORKING_DAYS: u32 = 1;

/// A side as the store knows it.
pub(super) type Side<'s> = (&'s AgencyId, PersonId);

/// A version of a conflict that is written, and who makes it when.
pub(super) struct Written<'w> {
    /// The conflict.
    pub(super) record: RecordId,
    /// Its new version.
    pub(super) conflict: &'w Sealed<ConflictRecord>,
    /// Whether it is the first.
    pub(super) is_new: bool,
    /// Whether the version before stood open today.
    pub(super) was_open: bool,
    /// Its two sides; one alone, where the persons of the two turned out to be two.
    pub(super) sides: &'w [Side<'w>],
    /// The side that brought it about; none where neither did.
    pub(super) mover: Option<&'w AgencyId>,
    /// The working days.
    pub(super) calendar: &'w Calendar,
}

impl Written<'_> {
    /// Tells both sides, with the change and never without it.
    pub(super) fn tell(&self, tx: &mut Snapshot<'_>, changes: &mut Changes) -> Result<(), Error> {
        let today = self.calendar.date_of(changes.now());
        let open_from = self.open_from(today);
        let is_bridged = self.is_new && open_from != Some(today);
        for &(agency, person) in self.sides {
            let id = changes.handle_for(tx, agency, Kind::Conflict, self.record.as_bytes(), person)?;
            let subject = format!("/v1/conflicts/{id}");
            // An agreed bridge is no conflict, and nobody is told of one. Of a step, the side that took it knows.
            if !is_bridged && (self.is_new || self.mover != Some(agency)) {
                changes.notify(agency, EventType::ScriptConflict, subject.clone());
            }
            match open_from {
                None => changes.task_done(agency, TaskKind::ResolveConflict, self.record),
                // A step that leaves it open does not begin the time anew: what is put is the task that waits.
                Some(day) if self.is_new || self.was_open && day == today => {}
                Some(_) => changes.task_lapse(agency, TaskKind::ResolveConflict, self.record),
            }
            if let Some(day) = open_from {
                let (remind_at, due_at) = self.times(day, today, changes.now());
                changes.task_put(NewTask {
                    agency: agency.clone(),
                    duty: DutyRole::Prescriber,
                    holder: None,
                    kind: TaskKind::ResolveConflict,
                    person,
                    record: self.record,
                    subject,
                    remind_at,
                    due_at,
                });
            }
        }
        Ok(())
    }

    /// Whether it stands open by this very version.
    pub(super) fn has_opened(&self, today: Date) -> bool {
        !self.was_open && self.conflict.judge(&today, is_open_on).is_ok()
    }

    /// The first of the coming days on which it stands open, asked day by day; none if it is settled.
    fn open_from(&self, today: Date) -> Option<Date> {
        (0..=LONGEST_BRIDGE_DAYS.saturating_add(1))
            .map(|days| today.saturating_add(days.days()))
            .find(|day| self.conflict.judge(day, is_open_on).is_ok())
    }

    fn times(&self, day: Date, today: Date, now: Timestamp) -> (Timestamp, Timestamp) {
        let due = self.calendar.end_of(self.calendar.add_working_days(day, SETTLE_WORKING_DAYS));
        let remind = if day == today {
            now.saturating_add(REMIND_HOURS.hours()).unwrap_or(now)
        } else {
            self.calendar.moment(day, time(0, 0, 0, 0))
        };
        (remind.min(due), due)
    }
}

pub(super) fn is_open_on(conflict: &ConflictRecord, day: &Date) -> Result<(), ()> {
    if conflict.state_on(*day) == ConflictState::Open { Ok(()) } else { Err(()) }
}
