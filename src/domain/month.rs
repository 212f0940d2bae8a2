//! A month of the calendar, as it is written: what is returned or counted once a month. A leaf.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::ToSpan as _;
use jiff::civil::{Date, time};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::calendar::Calendar;
use crate::id::Malformed;

/// A month: `2026-05`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    year: i16,
    number: i8,
}

impl Month {
    /// The month that a day is in.
    pub fn of(day: Date) -> Self {
        Self { year: day.year(), number: day.month() }
    }

    /// Its first day.
    pub fn first(self) -> Date {
        Date::new(self.year, self.number, 1).unwrap_or(Date::MAX)
    }

    /// Its last day.
    pub fn last(self) -> Date {
        self.first().last_of_month()
    }

    /// The one that comes so many months later; earlier, if the number is negative.
    #[must_use]
    pub fn later(self, months: i32) -> Self {
        Self::of(self.first().saturating_add(months.months()))
    }

    /// The moment at which it is over.
    pub fn ends_at(self, calendar: &Calendar) -> Timestamp {
        calendar.moment(self.later(1).first(), time(0, 0, 0, 0))
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.number)
    }
}

impl FromStr for Month {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = || Malformed { what: "month" };
        let (year, number) = text.split_once('-').ok_or_else(malformed)?;
        let is_form = year.len() == 4
            && number.len() == 2
            && [year, number].concat().bytes().all(|b| b.is_ascii_digit());
        let year: i16 = year.parse().map_err(|_| malformed())?;
        let number: i8 = number.parse().map_err(|_| malformed())?;
        let is_one = is_form && (2000..=2199).contains(&year) && (1..=12).contains(&number);
        if is_one { Ok(Self { year, number }) } else { Err(malformed()) }
    }
}

impl Serialize for Month {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Month {
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

    #[test]
    fn a_month_has_its_days_and_its_neighbours() {
        let month: Month = "2028-02".parse().unwrap();
        assert_eq!((month.first(), month.last()), (date(2028, 2, 1), date(2028, 2, 29)));
        assert_eq!(
            (month.later(-2).to_string(), month.later(11).to_string()),
            ("2027-12".into(), "2029-01".into())
        );
        assert_eq!(Month::of(date(2028, 2, 29)), month);
        let calendar = Calendar::england_and_wales(Exceptions::default()).unwrap();
        assert_eq!(month.ends_at(&calendar), "2028-03-01T00:00:00Z".parse().unwrap());
        for wrong in [
            "",
            "2026",
            "2026-0",
            "2026-00",
            "2026-13",
            "2026-1",
            "26-01",
            "+026-01",
            "2026-+1",
            "2026-01-01",
        ] {
            assert!(wrong.parse::<Month>().is_err(), "{wrong}");
        }
    }
}
