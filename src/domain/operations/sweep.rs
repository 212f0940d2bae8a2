//! What the gateway does by itself with days of an operation that are long past: it forgets them.

use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::Serialize;

use crate::calendar::Calendar;
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::SystemSweep;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;

/// For how many days after it a day is kept. Nothing shows it any more; that it was announced stays in the log.
const KEPT_DAYS: i32 = 28;

/// Takes away the days that were announced to services and have been past for long enough.
#[derive(Clone)]
pub struct SweepDays {
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// Up to which day.
#[derive(Debug, Serialize)]
pub struct DaysSwept {
    before: Date,
}

impl SweepDays {
    /// Whether there are any. `None` when the database does not answer.
    pub async fn are_due(&self, journal: &Journal) -> Option<bool> {
        journal.operations_days_wait(self.before(journal.now())).await
    }

    fn before(&self, now: jiff::Timestamp) -> Date {
        self.calendar.date_of(now).saturating_sub(KEPT_DAYS.days())
    }
}

impl Command for SweepDays {
    type Action = SystemSweep;
    type Acknowledgement = DaysSwept;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        _tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<SystemSweep>,
        changes: &mut Changes,
    ) -> Result<Accepted<DaysSwept>, Rejection> {
        let before = self.before(changes.now());
        changes.operations_days_forget(before);
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: DaysSwept { before } })
    }
}
