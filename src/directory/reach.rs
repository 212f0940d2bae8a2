//! When an agency can be reached, and by which number; and when its contact was last confirmed.

use jiff::{SignedDuration, Timestamp};

use super::{Agency, Contact, Day};
use crate::calendar::{self, Calendar};

/// How long a verified contact counts as verified: partners re-check each other's contacts every month.
const SPOC_VERIFICATION_DAYS: i64 = 35;
/// How long after a verification the next one is asked for.
const SPOC_ASKED_AFTER_DAYS: i64 = 28;

impl Agency {
    /// Whether the office is open at this moment: by its own hours, and on no bank holiday.
    pub fn is_open_at(&self, moment: Timestamp, calendar: &Calendar) -> bool {
        let local = calendar.civil(moment);
        !calendar.is_bank_holiday(local.date())
            && self.contact.hours.iter().any(|hours| hours.cover(local.weekday(), local.time()))
    }

    /// The number at which somebody answers at this moment: the office's, or, while that is closed, the one for nights and weekends,
    /// where there is one.
    pub fn telephone_at(&self, moment: Timestamp, calendar: &Calendar) -> &str {
        let Contact { telephone_office, telephone_out_of_hours, .. } = &self.contact;
        let out_of_hours = telephone_out_of_hours.as_ref().filter(|_| !self.is_open_at(moment, calendar));
        out_of_hours.unwrap_or(telephone_office)
    }

    /// The hours by which its deadlines run: from its earliest opening until its latest closing of a working day; its days are
    /// all days if it opens at weekends, too. `None` where the directory knows no hours of it.
    pub fn duty_hours(&self) -> Option<calendar::OpeningHours> {
        let is_weekend = |day: Day| matches!(day, Day::Saturday | Day::Sunday);
        let hours = &self.contact.hours;
        let weekdays = || hours.iter().filter(|hours| !is_weekend(hours.day));
        let on = |day: Day| hours.iter().any(|hours| hours.day == day);
        Some(calendar::OpeningHours {
            opens: weekdays().map(|hours| hours.from).min()?,
            closes: weekdays().map(|hours| hours.until).max()?,
            every_day: on(Day::Saturday) && on(Day::Sunday),
        })
    }

    /// Whether the single point of contact was never verified, or more than 35 days ago.
    pub fn spoc_verification_is_stale(&self, now: Timestamp) -> bool {
        self.contact.verified_at.is_none_or(|verified| {
            now.duration_since(verified) > SignedDuration::from_hours(SPOC_VERIFICATION_DAYS * 24)
        })
    }

    /// By when its contact is to be confirmed, once it is time to ask; `None` before. Of one that never was confirmed it is asked
    /// at once, with the days that remain of a month's round.
    pub fn spoc_verification_asked(&self, now: Timestamp) -> Option<Timestamp> {
        let days = |count: i64| SignedDuration::from_hours(count * 24);
        match self.contact.verified_at {
            None => now.saturating_add(days(SPOC_VERIFICATION_DAYS - SPOC_ASKED_AFTER_DAYS)).ok(),
            Some(verified) if now.duration_since(verified) >= days(SPOC_ASKED_AFTER_DAYS) => {
                verified.saturating_add(days(SPOC_VERIFICATION_DAYS)).ok()
            }
            Some(_) => None,
        }
    }
}
