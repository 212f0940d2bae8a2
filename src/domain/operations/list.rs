//! The days that were announced to a service, and how many of its slots are free on each.

use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::{Date, time};
use serde::Serialize;
use utoipa::ToSchema;

use crate::calendar::Calendar;
use crate::id::{AgencyId, Handle};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::OperationRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;

/// `GET /operations-days`.
pub struct ListDays {
    /// Knows the time.
    pub journal: Journal,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// The days from today on, the next first.
#[derive(Debug, Serialize, ToSchema)]
pub struct OperationsDays {
    /// The days.
    pub days: Vec<DayView>,
}

/// A day as the service is told of it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DayView {
    /// What the service calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// The day.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// Who announced it.
    #[schema(value_type = String)]
    pub from: AgencyId,
    /// How many people are expected.
    pub expected: i64,
    /// How many of the service's own slots are free on that day.
    pub slots_free: i64,
}

impl Disclosure for ListDays {
    type Action = OperationRead;
    type View = OperationsDays;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<OperationRead>,
    ) -> Result<Sealed<OperationsDays>, Rejection> {
        let service = call.caller.agency();
        let begins = |day: Date| self.calendar.moment(day, time(0, 0, 0, 0)).as_microsecond();
        let today = self.calendar.date_of(self.journal.now());
        let mut days = Vec::new();
        for row in tx.operations_days(service, today)? {
            let slots_free =
                tx.slots_free_of(service, begins(row.day), begins(row.day.saturating_add(1.day())))?;
            days.push(DayView {
                id: row.id,
                on: row.day,
                from: row.agency,
                expected: row.expected,
                slots_free,
            });
        }
        Ok(Sealed::new(permit, OperationsDays { days }))
    }
}
