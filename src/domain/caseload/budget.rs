//! How many checks a worker and an agency may ask in a day, counted in the database: whoever fishes comes to an end.

use jiff::civil::{Date, time};
use jiff::{Timestamp, ToSpan as _};

use crate::calendar::Calendar;
use crate::identity::principal::Principal;
use crate::journal::disclosure::Rejection;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::{Error, Snapshot};

/// The most checks of one day; 0 for no bound.
#[derive(Debug, Clone, Copy)]
pub struct CheckBudget {
    /// Of one worker.
    pub worker_a_day: u32,
    /// Of one agency, all its workers together.
    pub agency_a_day: u32,
}

impl CheckBudget {
    /// Spends one check of the worker's and one of the agency's.
    ///
    /// # Errors
    /// `too-many-requests` where one of them is spent, until the day is over; or when the store fails.
    pub(in crate::domain) fn spend(
        self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        principal: &Principal,
        calendar: &Calendar,
    ) -> Result<(), Rejection> {
        let of_worker = Budget {
            name: "budget/check-of-worker",
            a_day: self.worker_a_day,
            reason_code: "check-budget-of-worker",
        };
        let of_agency = Budget {
            name: "budget/check-of-agency",
            a_day: self.agency_a_day,
            reason_code: "check-budget-of-agency",
        };
        let day = Day::of(principal, calendar, changes.now());
        Ok(day.spend(tx, changes, (of_worker, of_agency))??)
    }
}

/// One budget.
pub(super) struct Budget {
    /// By what name it is counted.
    pub(super) name: &'static str,
    /// How much there is of it in a day; 0 for no bound.
    pub(super) a_day: u32,
    /// What the log says of who has none left.
    pub(super) reason_code: &'static str,
}

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
        (of_worker, of_agency): (Budget, Budget),
    ) -> Result<Result<(), Problem>, Error> {
        let [agency, worker, date] = [self.agency, self.worker, &self.written].map(str::as_bytes);
        let budgets: [(Budget, &[&[u8]]); 2] =
            [(of_worker, &[agency, worker, date]), (of_agency, &[agency, date])];
        for (budget, of) in budgets {
            if budget.a_day > 0 && !changes.budget_spend(tx, (budget.name, of), budget.a_day, self.ends)? {
                return Ok(Err(self.spent(budget.reason_code)));
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
