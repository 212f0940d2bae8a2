//! How many checks, or looks, a worker and an agency may ask in a day, counted in the database: whoever fishes comes to an end.

use jiff::civil::{Date, time};
use jiff::{Timestamp, ToSpan as _};

use crate::calendar::Calendar;
use crate::identity::principal::Principal;
use crate::journal::disclosure::Rejection;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::{Error, Snapshot};

/// The most of one kind in a day; 0 for no bound.
#[derive(Debug, Clone, Copy)]
pub struct DayBudget {
    /// Of one worker.
    pub worker_a_day: u32,
    /// Of one agency, all its workers together.
    pub agency_a_day: u32,
}

impl DayBudget {
    /// Spends one check of the worker's and one of the agency's.
    ///
    /// # Errors
    /// `too-many-requests` where one of them is spent, until the day is over; or when the store fails.
    pub(in crate::domain) fn spend_check(
        self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        principal: &Principal,
        calendar: &Calendar,
    ) -> Result<(), Rejection> {
        Ok(Day::of(principal, calendar, changes.now()).spend(tx, changes, &CHECKS, self)??)
    }
}

/// By what names a budget is counted, and what the log says of who has none left.
pub(super) struct Counted {
    /// Of one worker.
    pub(super) of_worker: (&'static str, &'static str),
    /// Of one agency.
    pub(super) of_agency: (&'static str, &'static str),
}

const CHECKS: Counted = Counted {
    of_worker: ("budget/check-of-worker", "check-budget-of-worker"),
    of_agency: ("budget/check-of-agency", "check-budget-of-agency"),
};

/// A worker's day, by which budgets are counted.
pub(super) struct Day<'d> {
    agency: &'d str,
    worker: &'d str,
    /// Which it is.
    pub(super) date: Date,
    written: String,
    now: Timestamp,
    ends: Timestamp,
}

impl<'d> Day<'d> {
    pub(super) fn of(principal: &'d Principal, calendar: &Calendar, now: Timestamp) -> Self {
        let date = calendar.date_of(now);
        Self {
            agency: principal.agency.as_str(),
            worker: principal.worker.as_str(),
            date,
            written: date.to_string(),
            now,
            ends: calendar.moment(date.saturating_add(1.day()), time(0, 0, 0, 0)),
        }
    }

    /// Spends one of the worker's and one of the agency's, in the transaction of what is counted, so that neither several gateways
    /// nor a restart give more. The problem is that one of them is spent.
    pub(super) fn spend(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        counted: &Counted,
        budget: DayBudget,
    ) -> Result<Result<(), Problem>, Error> {
        let [agency, worker, date] = [self.agency, self.worker, &self.written].map(str::as_bytes);
        let (of_worker, of_agency) = ([agency, worker, date], [agency, date]);
        let budgets = [
            (counted.of_worker, budget.worker_a_day, of_worker.as_slice()),
            (counted.of_agency, budget.agency_a_day, of_agency.as_slice()),
        ];
        for ((name, reason_code), a_day, of) in budgets {
            if a_day > 0 && !changes.budget_spend(tx, (name, of), a_day, self.ends)? {
                return Ok(Err(self.spent(reason_code)));
            }
        }
        Ok(Ok(()))
    }

    /// Whether the worker does this for the first time on this day; with this change it has been done.
    pub(super) fn is_first(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        (name, about): (&'static str, &[u8]),
    ) -> Result<bool, Error> {
        let [agency, worker, date] = [self.agency, self.worker, &self.written].map(str::as_bytes);
        changes.budget_spend(tx, (name, &[agency, worker, about, date]), 1, self.ends)
    }

    fn spent(&self, reason_code: &'static str) -> Problem {
        let seconds = self.ends.as_second().saturating_sub(self.now.as_second()).max(1);
        Problem {
            retry_after: u64::try_from(seconds).ok(),
            ..Problem::because(ProblemType::TooManyRequests, reason_code)
        }
    }
}
