//! How many checks a worker and an agency may ask in a day, counted in the database: whoever fishes comes to an end.

use jiff::civil::time;
use jiff::{Timestamp, ToSpan as _};

use crate::calendar::Calendar;
use crate::identity::principal::Principal;
use crate::journal::disclosure::Rejection;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::Changes;

/// The most checks of one day; 0 for no bound.
#[derive(Debug, Clone, Copy)]
pub struct CheckBudget {
    /// Of one worker.
    pub worker_a_day: u32,
    /// Of one agency, all its workers together.
    pub agency_a_day: u32,
}

impl CheckBudget {
    /// Spends one check of the worker's and one of the agency's, in the transaction of the check itself, so that neither several
    /// gateways nor a restart give more.
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
        let now = changes.now();
        let day = calendar.date_of(now);
        let day_ends = calendar.moment(day.saturating_add(1.day()), time(0, 0, 0, 0));
        let (agency, worker, date) = (principal.agency.as_str(), principal.worker.as_str(), day.to_string());
        let of_worker: [&[u8]; 3] = [agency.as_bytes(), worker.as_bytes(), date.as_bytes()];
        let of_agency: [&[u8]; 2] = [agency.as_bytes(), date.as_bytes()];
        let budgets: [(&'static str, &[&[u8]], u32, &'static str); 2] = [
            ("budget/check-of-worker", &of_worker, self.worker_a_day, "check-budget-of-worker"),
            ("budget/check-of-agency", &of_agency, self.agency_a_day, "check-budget-of-agency"),
        ];
        for (name, of, limit, reason_code) in budgets {
            if limit > 0 && !changes.budget_spend(tx, (name, of), limit, day_ends)? {
                return Err(spent(reason_code, now, day_ends).into());
            }
        }
        Ok(())
    }
}

fn spent(reason_code: &'static str, now: Timestamp, day_ends: Timestamp) -> Problem {
    let seconds = day_ends.as_second().saturating_sub(now.as_second()).max(1);
    Problem {
        retry_after: u64::try_from(seconds).ok(),
        ..Problem::because(ProblemType::TooManyRequests, reason_code)
    }
}
