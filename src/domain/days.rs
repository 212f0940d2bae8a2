//! The days of which a report is asked, both counted in.

use jiff::ToSpan as _;
use jiff::civil::{Date, time};
use serde::Deserialize;

use super::fault::{Faults, FieldFault};
use crate::calendar::Calendar;
use crate::store::review::Stretch;

/// Civil days.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Days {
    /// The first.
    pub from: Date,
    /// The last.
    pub to: Date,
}

/// How many days a report covers at most.
#[derive(Debug, Clone, Copy)]
pub struct Longest {
    days: i32,
    rule: &'static str,
}

/// A month.
pub const A_MONTH: Longest = Longest { days: 31, rule: "a report covers at most 31 days" };
/// A quarter.
pub const A_QUARTER: Longest = Longest { days: 92, rule: "a report covers at most 92 days" };

impl Days {
    /// Checks what the form of the dates cannot say.
    ///
    /// # Errors
    /// Every rule that is broken.
    pub fn check(&self, longest: Longest) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        faults.require(self.from <= self.to, "to", "must not lie before `from`");
        faults.require(self.to < self.from.saturating_add(longest.days.days()), "to", longest.rule);
        faults.into_result()
    }

    /// Each of them.
    pub(super) fn each(&self) -> impl Iterator<Item = Date> + use<> {
        let to = self.to;
        self.from.series(1.day()).take_while(move |day| *day <= to)
    }

    /// Their moments.
    pub(super) fn stretch(&self, calendar: &Calendar) -> Stretch {
        let begins = |day: Date| calendar.moment(day, time(0, 0, 0, 0)).as_microsecond();
        Stretch { from_us: begins(self.from), until_us: begins(self.to.saturating_add(1.day())) }
    }
}
