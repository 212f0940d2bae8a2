//! A breach as stored, and by when each colour must be pursued. A leaf.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};

use super::codes::{BreachState, Colour, Statute, WithdrawReason};
use crate::calendar::{Calendar, add_months_clamped};
use crate::domain::assessment::codes::AppointmentKind;
use crate::domain::minute::Minute;
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};

/// Within how many hours of the breach a red one is arrested (Gwent 2014/15, appendix B).
const RED_HOURS: i64 = 24;
/// Within how many days an amber one is put out for arrest.
const AMBER_DAYS: i32 = 7;
/// Within how many months a green one is.
const GREEN_MONTHS: i32 = 1;

/// One version of a breach as stored. Every step is a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreachRecord {
    /// The same for all its versions.
    pub id: RecordId,
    /// 1 for the first.
    pub version: u32,
    /// The person.
    pub person: PersonId,
    /// The police whose register it is in.
    pub agency: AgencyId,
    /// The assessment that was required.
    pub assessment: RecordId,
    /// Which of its appointments was missed.
    pub appointment: AppointmentKind,
    /// The offence.
    pub statute: Statute,
    /// When it was missed.
    pub failed_at: Minute,
    /// Who checked that there was no good cause, and recorded it.
    pub opened_by: WorkerId,
    /// When.
    pub opened_at: Timestamp,
    /// Where it stands.
    pub state: BreachState,
    /// The decisions how soon it is pursued, oldest first.
    pub decisions: Vec<Decision>,
    /// When it was put out for arrest.
    pub put_out_at: Option<Minute>,
    /// When the person was arrested.
    pub arrested_at: Option<Minute>,
    /// Why it is not pursued.
    pub withdrawn_because: Option<WithdrawReason>,
    /// The reference of the task at the police's own system.
    pub task_reference: Option<String>,
}

/// A decision how soon a breach is pursued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// How soon.
    pub colour: Colour,
    /// Who decided it.
    pub by: WorkerId,
    /// The risk to the person, in words.
    pub risk_to_self: String,
    /// The risk to others, in words.
    pub risk_to_others: String,
    /// When it was entered.
    pub at: Timestamp,
}

impl BreachRecord {
    /// The decision in force.
    pub fn decision(&self) -> Option<&Decision> {
        self.decisions.last()
    }

    /// By when it must be pursued as was decided.
    pub fn due(&self, calendar: &Calendar) -> Option<Timestamp> {
        self.decision().map(|decision| due(decision.colour, self.failed_at, calendar))
    }
}

/// By when a breach of this colour must be arrested (red) or put out for arrest (amber, green), counted from when it was missed.
pub fn due(colour: Colour, failed_at: Minute, calendar: &Calendar) -> Timestamp {
    let civil = failed_at.as_datetime();
    let day: Date = civil.date();
    match colour {
        Colour::Red => {
            let failed = calendar.moment(day, civil.time());
            failed.saturating_add(SignedDuration::from_hours(RED_HOURS)).unwrap_or(Timestamp::MAX)
        }
        Colour::Amber => calendar.end_of(day.saturating_add(AMBER_DAYS.days())),
        Colour::Green => calendar.end_of(add_months_clamped(day, GREEN_MONTHS)),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    #[test]
    fn red_is_a_day_amber_a_week_and_green_a_month_that_may_be_shorter() {
        let calendar = Calendar::england_and_wales(crate::calendar::Exceptions::default()).unwrap();
        let failed: Minute = "2026-01-30T10:00".parse().unwrap();
        assert_eq!(due(Colour::Red, failed, &calendar).to_string(), "2026-01-31T10:00:00Z");
        assert_eq!(due(Colour::Amber, failed, &calendar), calendar.end_of(date(2026, 2, 6)));
        assert_eq!(due(Colour::Green, failed, &calendar), calendar.end_of(date(2026, 2, 28)));
        // The clocks go forward in the night: 24 hours are 24 hours.
        let spring: Minute = "2026-03-28T18:00".parse().unwrap();
        assert_eq!(due(Colour::Red, spring, &calendar).to_string(), "2026-03-29T18:00:00Z");
    }
}
