//! A moment of civil time to the minute: what a record says is never finer, so that times cannot join two records.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime};
use serde::{Deserialize, Serialize};

use crate::id::Malformed;

/// A date and time of Europe/London, written `2026-06-03T10:30`; seconds are refused.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, utoipa::ToSchema)]
#[schema(value_type = String, example = "2026-06-03T10:30", pattern = "^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}$")]
pub struct Minute(DateTime);

impl Minute {
    /// The minute in which this moment lies.
    pub fn of(moment: DateTime) -> Self {
        let time = moment.time();
        Self(moment.date().at(time.hour(), time.minute(), 0, 0))
    }

    /// Its day.
    pub fn date(self) -> Date {
        self.0.date()
    }

    /// The moment as civil time.
    pub const fn as_datetime(self) -> DateTime {
        self.0
    }
}

impl fmt::Display for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = self.0.time();
        write!(f, "{}T{:02}:{:02}", self.0.date(), time.hour(), time.minute())
    }
}

impl fmt::Debug for Minute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Minute(..)")
    }
}

impl FromStr for Minute {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let malformed = Malformed { what: "date and time to the minute" };
        let moment: DateTime = text.parse().map_err(|_| malformed)?;
        let minute = Self::of(moment);
        if minute.to_string() == text { Ok(minute) } else { Err(malformed) }
    }
}

impl Serialize for Minute {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Minute {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_minute_survives_its_written_form() {
        let minute: Minute = "2026-06-03T09:05".parse().unwrap();
        assert_eq!(minute.to_string(), "2026-06-03T09:05");
        assert_eq!(minute.date(), jiff::civil::date(2026, 6, 3));
    }

    #[test]
    fn seconds_zones_and_impossible_times_are_refused() {
        for wrong in
            ["2026-06-03T09:05:00", "2026-06-03T09:05Z", "2026-02-30T09:05", "2026-06-03T25:00", "2026-06-03"]
        {
            assert!(wrong.parse::<Minute>().is_err(), "{wrong} was taken");
        }
    }
}
