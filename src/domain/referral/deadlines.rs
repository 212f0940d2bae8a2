//! The clocks of a referral, as data: how soon it is acknowledged, decided on and followed by a first contact.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::model::Urgency;
use crate::calendar::{Calendar, OpeningHours};

/// A length of time as services count it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Allowance {
    /// Hours in which the recipient's duty role answers.
    OpenHours(u32),
    /// Hours by the clock; if that lands on no working day, the end of the next one.
    ClockHours(u32),
    /// Until the end of that working day.
    WorkingDays(u32),
}

impl Allowance {
    /// When it is used up.
    pub fn after(self, from: Timestamp, calendar: &Calendar, hours: &OpeningHours) -> Timestamp {
        match self {
            Self::OpenHours(count) => calendar.add_open_hours(from, count, hours),
            Self::ClockHours(count) => calendar.add_hours_clamped(from, count),
            Self::WorkingDays(count) => {
                calendar.end_of(calendar.add_working_days(calendar.date_of(from), count))
            }
        }
    }
}

/// How long each step may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponseTimes {
    /// Until the recipient's system or worker says that it arrived.
    pub acknowledge: Allowance,
    /// Until the recipient accepts, rejects or returns it; also until the sender answers a return.
    pub decide: Allowance,
    /// Until the first contact, from the sending or from the release if that is later.
    pub contact: Allowance,
}

/// The clocks of every urgency. Only the 24 and 48 hours to the first contact have a source (S2 §4.1.1, IPAE2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct DeadlineTable {
    /// The person is about to be released.
    pub release_critical: ResponseTimes,
    /// It cannot wait a week.
    pub urgent: ResponseTimes,
    /// Everything else.
    pub routine: ResponseTimes,
    /// How long after a missed deadline the referral expires. Until then the sender chases.
    pub grace: Allowance,
}

impl Default for DeadlineTable {
    fn default() -> Self {
        use Allowance::{ClockHours, OpenHours, WorkingDays};
        Self {
            release_critical: ResponseTimes {
                acknowledge: OpenHours(2),
                decide: OpenHours(4),
                contact: ClockHours(24),
            },
            urgent: ResponseTimes {
                acknowledge: OpenHours(4),
                decide: WorkingDays(1),
                contact: ClockHours(48),
            },
            routine: ResponseTimes {
                acknowledge: WorkingDays(1),
                decide: WorkingDays(5),
                contact: WorkingDays(10),
            },
            grace: WorkingDays(5),
        }
    }
}

impl DeadlineTable {
    /// The clocks of this urgency.
    pub const fn of(&self, urgency: Urgency) -> &ResponseTimes {
        match urgency {
            Urgency::ReleaseCritical => &self.release_critical,
            Urgency::Urgent => &self.urgent,
            Urgency::Routine => &self.routine,
        }
    }
}
