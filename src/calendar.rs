//! The working calendar of England and Wales: bank holidays computed, civil time in Europe/London, and how deadlines fall. A leaf.

use std::collections::BTreeSet;

use jiff::civil::{Date, DateTime, Time, Weekday, date, time};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Span, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

/// The zone in which every deadline is counted.
const ZONE: &str = "Europe/London";
/// No search for a working day looks further than this; a calendar without a working day in a month is a mistake.
const SEARCH_DAYS: u32 = 31;

/// The time zone database lacks Europe/London. It is compiled in, so only a broken build can say this.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the time zone Europe/London is missing")]
pub struct ZoneMissing;

/// What the operator adds to or takes from the computed bank holidays, for days set by proclamation.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Exceptions {
    /// Days that are bank holidays although the rule does not give them.
    pub added: BTreeSet<Date>,
    /// Days that the rule gives and that were moved away.
    pub removed: BTreeSet<Date>,
}

/// The weekly hours in which a duty role answers; the same on each of its days, none on bank holidays unless said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    /// When it opens, civil time.
    pub opens: Time,
    /// When it closes, civil time; later than `opens`.
    pub closes: Time,
    /// Whether it answers at weekends and on bank holidays, too.
    pub every_day: bool,
}

impl Default for OpeningHours {
    /// Working days, 09:00 to 17:00.
    fn default() -> Self {
        Self { opens: time(9, 0, 0, 0), closes: time(17, 0, 0, 0), every_day: false }
    }
}

/// Where an arrested person lives, which decides how soon the first appointment must be (S2 §4.1.1, IPAE2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residence {
    /// In the area of the custody suite: D1.
    Resident,
    /// In another area: D2.
    NonResident,
}

/// Working days and civil time of England and Wales.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    exceptions: Exceptions,
}

impl Calendar {
    /// The computed calendar with the operator's exceptions.
    ///
    /// # Errors
    /// [`ZoneMissing`] if the build carries no time zone data.
    pub fn england_and_wales(exceptions: Exceptions) -> Result<Self, ZoneMissing> {
        let zone = TimeZone::get(ZONE).map_err(|_| ZoneMissing)?;
        Ok(Self { zone, exceptions })
    }

    /// The civil date of a moment.
    pub fn date_of(&self, moment: Timestamp) -> Date {
        moment.to_zoned(self.zone.clone()).date()
    }

    /// The civil date and time of a moment.
    pub fn civil(&self, moment: Timestamp) -> DateTime {
        moment.to_zoned(self.zone.clone()).datetime()
    }

    /// The moment of a civil date and time. A time that the clocks skip is taken as the hour after.
    pub fn moment(&self, day: Date, at: Time) -> Timestamp {
        day.to_datetime(at).to_zoned(self.zone.clone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
    }

    /// The last minute of a civil day: until then a deadline "on" that day is kept.
    pub fn end_of(&self, day: Date) -> Timestamp {
        self.moment(day, time(23, 59, 0, 0))
    }

    /// Whether the day is a bank holiday.
    pub fn is_bank_holiday(&self, day: Date) -> bool {
        if self.exceptions.removed.contains(&day) {
            return false;
        }
        self.exceptions.added.contains(&day) || computed_bank_holidays(day.year()).contains(&day)
    }

    /// Whether the day is neither at a weekend nor a bank holiday.
    pub fn is_working_day(&self, day: Date) -> bool {
        !is_weekend(day) && !self.is_bank_holiday(day)
    }

    /// The day itself if it is a working day, otherwise the next one.
    pub fn clamp_to_working_day(&self, day: Date) -> Date {
        let mut day = day;
        for _ in 0..SEARCH_DAYS {
            if self.is_working_day(day) {
                break;
            }
            day = later(day, 1.day());
        }
        day
    }

    /// The `count`th working day after the day. With 0, the day itself.
    pub fn add_working_days(&self, day: Date, count: u32) -> Date {
        (0..count).fold(day, |day, _| self.clamp_to_working_day(later(day, 1.day())))
    }

    /// The last working day before a day.
    pub fn working_day_before(&self, day: Date) -> Date {
        let mut before = later(day, (-1).days());
        for _ in 0..SEARCH_DAYS {
            if self.is_working_day(before) {
                break;
            }
            before = later(before, (-1).days());
        }
        before
    }

    /// That many hours on by the clock; if that is no working day, the end of the next one (D1, D2).
    pub fn add_hours_clamped(&self, from: Timestamp, hours: u32) -> Timestamp {
        let lands =
            from.saturating_add(SignedDuration::from_hours(i64::from(hours))).unwrap_or(Timestamp::MAX);
        let day = self.date_of(lands);
        let clamped = self.clamp_to_working_day(day);
        if clamped == day { lands } else { self.end_of(clamped) }
    }

    /// The last day for the first appointment of someone identified in custody: D1 (24 h, or one working day) or D2
    /// (48 h, or the next working day if that lands on none).
    pub fn first_appointment_by(&self, identified: Timestamp, residence: Residence) -> Date {
        let days = match residence {
            Residence::Resident => 1.day(),
            Residence::NonResident => 2.days(),
        };
        self.clamp_to_working_day(later(self.date_of(identified), days))
    }

    /// Whether the service answers on this day at all.
    pub fn is_open_on(&self, day: Date, hours: &OpeningHours) -> bool {
        hours.every_day || self.is_working_day(day)
    }

    /// The moment at which that much opening time has passed. Hours that never open count by the clock.
    pub fn add_open_hours(&self, from: Timestamp, count: u32, hours: &OpeningHours) -> Timestamp {
        let mut left = SignedDuration::from_hours(i64::from(count));
        let by_clock = from.saturating_add(left).unwrap_or(Timestamp::MAX);
        if hours.closes <= hours.opens {
            return by_clock;
        }
        let mut day = self.date_of(from);
        let mut days_left = SEARCH_DAYS.saturating_add(count.saturating_mul(SEARCH_DAYS));
        while days_left > 0 {
            if self.is_open_on(day, hours) {
                let start = self.moment(day, hours.opens).max(from);
                let open_for = self.moment(day, hours.closes).duration_since(start);
                if open_for >= left {
                    return start.saturating_add(left).unwrap_or(Timestamp::MAX);
                }
                if open_for.is_positive() {
                    left = left.saturating_sub(open_for);
                }
            }
            day = later(day, 1.day());
            days_left = days_left.saturating_sub(1);
        }
        by_clock
    }
}

/// The same day so many months on; the month's last day where it has no such day (30 January + 1 = 28 February).
pub fn add_months_clamped(day: Date, months: i32) -> Date {
    later(day, months.months())
}

/// When the review of someone admitted on this day is due at the latest: 16 weeks on (D7).
pub fn review_due(admitted: Date) -> Date {
    later(admitted, 16.weeks())
}

/// Whether a stay from one day until another is longer than one month (D8: suspend up to a month, close beyond).
pub fn longer_than_a_month(from: Date, until: Date) -> bool {
    until > add_months_clamped(from, 1)
}

/// The bank holidays of England and Wales in a year by rule, substitutes included, in order.
pub fn computed_bank_holidays(year: i16) -> BTreeSet<Date> {
    let christmas = date(year, 12, 25);
    let boxing = date(year, 12, 26);
    let new_year = date(year, 1, 1);
    let mut days = BTreeSet::from([
        substitute_weekend(new_year),
        first_monday(date(year, 5, 1)),
        last_monday(date(year, 5, 31)),
        last_monday(date(year, 8, 31)),
    ]);
    if let Some(easter) = easter_sunday(year) {
        days.insert(later(easter, (-2).days()));
        days.insert(later(easter, 1.day()));
    }
    // Christmas keeps its own day where it can; whichever of the two falls on a weekend moves behind both.
    days.extend(match christmas.weekday() {
        Weekday::Friday => [christmas, later(boxing, 2.days())],
        Weekday::Saturday | Weekday::Sunday => {
            [date(year, 12, 27), if is_weekend(boxing) { date(year, 12, 28) } else { boxing }]
        }
        _ => [christmas, boxing],
    });
    days
}

/// Easter Sunday of the Gregorian calendar (the anonymous computus). `None` only outside the years that a date can have.
fn easter_sunday(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (golden, century, of_century) = (y % 19, y / 100, y % 100);
    let skipped = (century + 8) / 25;
    let moon = (century - skipped + 1) / 3;
    let epact = (19 * golden + century - century / 4 - moon + 15) % 30;
    let weekday = (32 + 2 * (century % 4) + 2 * (of_century / 4) - epact - of_century % 4) % 7;
    let late = (golden + 11 * epact + 22 * weekday) / 451;
    let days = epact + weekday - 7 * late + 114;
    Date::new(year, i8::try_from(days / 31).ok()?, i8::try_from(days % 31 + 1).ok()?).ok()
}

fn is_weekend(day: Date) -> bool {
    matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday)
}

/// A day at a weekend is kept on the Monday after.
fn substitute_weekend(day: Date) -> Date {
    match day.weekday() {
        Weekday::Saturday => later(day, 2.days()),
        Weekday::Sunday => later(day, 1.day()),
        _ => day,
    }
}

fn first_monday(first_of_month: Date) -> Date {
    let past = first_of_month.weekday().since(Weekday::Monday);
    later(first_of_month, ((7 - i32::from(past)) % 7).days())
}

fn last_monday(last_of_month: Date) -> Date {
    let past = last_of_month.weekday().since(Weekday::Monday);
    later(last_of_month, (-i32::from(past)).days())
}

fn later(day: Date, by: Span) -> Date {
    day.saturating_add(by)
}

#[cfg(test)]
#[path = "calendar_tests.rs"]
mod tests;
