//! A quarter of the year, as it is written, and by when its figures are handed in (D15). A leaf.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::{Date, time};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::calendar::Calendar;
use crate::id::Malformed;

/// How many working days after its end a quarter's figures are due (our default: the seed says only that it is quarterly).
const DUE_WORKING_DAYS: u32 = 15;
/// How many working days before that the deputy is told.
const DEPUTY_WORKING_DAYS: u32 = 10;

/// A quarter of a calendar year: `2026-Q1` is January to March, which the seeds count as the fourth of the year before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Quarter {
    year: i16,
    number: i8,
}

impl Quarter {
    /// The quarter that a day is in.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), number: (day.month() - 1) / 3 + 1 }
    }

    /// Its first day.
    pub fn first(self) -> Date {
        Date::new(self.year, (self.number - 1) * 3 + 1, 1).unwrap_or(Date::MAX)
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.after().first().saturating_sub(1.day())
    }

    /// The one that comes next.
    pub const fn after(self) -> Self {
        match self.number {
            4 => Self { year: self.year.saturating_add(1), number: 1 },
            number => Self { year: self.year, number: number.saturating_add(1) },
        }
    }

    /// The one that came before.
    pub const fn before(self) -> Self {
        match self.number {
            1 => Self { year: self.year.saturating_sub(1), number: 4 },
            number => Self { year: self.year, number: number.saturating_sub(1) },
        }
    }

    /// The quarters from this one to another, both counted in.
    pub fn until(self, last: Self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), |quarter| Some(quarter.after()))
            .take_while(move |quarter| *quarter <= last)
    }

    /// The moment at which it is over.
    pub fn ends_at(self, calendar: &Calendar) -> Timestamp {
        calendar.moment(self.after().first(), time(0, 0, 0, 0))
    }

    /// The last moment at which its figures can be handed in.
    pub fn due_at(self, calendar: &Calendar) -> Timestamp {
        calendar.end_of(calendar.add_working_days(self.last(), DUE_WORKING_DAYS))
    }

    /// When the deputy is told that they are missing.
    pub fn remind_at(self, calendar: &Calendar) -> Timestamp {
        calendar.end_of(calendar.add_working_days(self.last(), DEPUTY_WORKING_DAYS))
    }
}

impl fmt::Display for Quarter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-Q{}", self.year, self.number)
    }
}

impl FromStr for Quarter {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed { what: "quarter" };
        let (year, number) = text.split_once("-Q").ok_or_else(malformed)?;
        let is_form =
            year.len() == 4 && number.len() == 1 && year.bytes().all(|digit| digit.is_ascii_digit());
        let year: i16 = year.parse().map_err(|_| malformed())?;
        let number: i8 = number.parse().map_err(|_| malformed())?;
        let is_one = is_form && (2000..=2199).contains(&year) && (1..=4).contains(&number);
        if is_one { Ok(Self { year, number }) } else { Err(malformed()) }
    }
}

impl Serialize for Quarter {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Quarter {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::calendar::Exceptions;

    fn quarter(text: &str) -> Quarter {
        text.parse().unwrap()
    }

    #[test]
    fn a_quarter_has_its_days_and_its_neighbours() {
        let spring = quarter("2026-Q1");
        assert_eq!((spring.first(), spring.last()), (date(2026, 1, 1), date(2026, 3, 31)));
        assert_eq!((spring.before(), spring.after()), (quarter("2025-Q4"), quarter("2026-Q2")));
        assert_eq!(Quarter::of(date(2026, 12, 31)), quarter("2026-Q4"));
        let year: Vec<String> = quarter("2025-Q2").until(spring).map(|each| each.to_string()).collect();
        assert_eq!(year, ["2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1"]);
        assert_eq!(spring.until(spring.before()).count(), 0);
        for wrong in [
            "", "2026", "2026-Q0", "2026-Q5", "2026-Q+1", "26-Q1", "+026-Q1", "2026-q1", "2026-Q11",
            "1999-Q1",
        ] {
            assert!(wrong.parse::<Quarter>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn its_figures_are_due_fifteen_working_days_after_its_end() {
        let calendar = Calendar::england_and_wales(Exceptions::default()).unwrap();
        // Good Friday is 3 April 2026, Easter Monday the 6th: 1, 2, 7 to 10, 13 to 17, 20 to 23.
        let spring = quarter("2026-Q1");
        assert_eq!(spring.due_at(&calendar), calendar.end_of(date(2026, 4, 23)));
        assert!(spring.remind_at(&calendar) < spring.due_at(&calendar));
        assert!(spring.ends_at(&calendar) < spring.remind_at(&calendar));
    }
}
