//! A legal hold: as it is placed, as it is stored, and as its agency sees it.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::domain::fault::{FieldFault, to_the_minute};
use crate::id::{Handle, WorkerId};

/// No hold lasts longer than this many months; one that is still needed is placed again.
const LONGEST_MONTHS: i32 = 12;

crate::code_list! {
    /// Why records must be kept for now.
    pub enum HoldGround {
        /// A legal claim, made or expected (UK GDPR Art. 17(3)(e)).
        LegalClaim = "legal-claim",
        /// An investigation by the police or a regulator.
        Investigation = "investigation",
        /// An inquest.
        Inquest = "inquest",
        /// A complaint that is not yet answered.
        Complaint = "complaint",
        /// A review that is not yet closed: serious incident, safeguarding, break-glass.
        Review = "review",
    }
}

/// A hold as the privacy officer places it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldPlaced {
    /// Why.
    pub ground: HoldGround,
    /// Why in words, without the person's name.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: String,
    /// The last day on which it is in force; at most twelve months ahead.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
}

/// The end of a hold before its last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HoldLifted {
    /// Why, without the person's name.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: String,
}

/// One version of a hold as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldRecord {
    /// What was placed.
    pub placed: HoldPlaced,
    /// The worker who placed it.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// How it was lifted, if it was.
    pub lifting: Option<Lifting>,
}

/// How a hold was lifted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifting {
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// A hold as its agency sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct HoldView {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// Why.
    pub ground: HoldGround,
    /// Why in words.
    pub reason: String,
    /// The last day on which it is in force, unless it was lifted.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// When it was placed, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub placed_at: Timestamp,
    /// When it was lifted, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub lifted_at: Option<Timestamp>,
    /// Why it was lifted.
    pub lifted_because: Option<String>,
    /// Whether it is in force.
    pub in_force: bool,
}

/// The hold was lifted before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct AlreadyLifted;

impl HoldPlaced {
    /// Checks the end against the day on which it is placed.
    ///
    /// # Errors
    /// When the end is over already, or too far away.
    pub(super) fn check(&self, today: Date) -> Result<(), FieldFault> {
        let rule = if self.until < today {
            "must not be over already"
        } else if self.until > today.saturating_add(LONGEST_MONTHS.months()) {
            "must lie within twelve months"
        } else {
            return Ok(());
        };
        Err(FieldFault { field: "until", rule })
    }
}

impl HoldRecord {
    /// Whether it stops an erasure on this day.
    pub fn is_in_force(&self, today: Date) -> bool {
        self.lifting.is_none() && today <= self.placed.until
    }

    /// The next version, lifted.
    pub(super) fn lifted(&self, lifting: Lifting) -> Result<Self, AlreadyLifted> {
        if self.lifting.is_some() {
            return Err(AlreadyLifted);
        }
        Ok(Self { lifting: Some(lifting), ..self.clone() })
    }

    /// The hold as its agency sees it.
    pub(super) fn view(&self, id: Handle, today: Date) -> HoldView {
        HoldView {
            id,
            ground: self.placed.ground,
            reason: self.placed.reason.clone(),
            until: self.placed.until,
            placed_at: to_the_minute(self.at),
            lifted_at: self.lifting.as_ref().map(|lifting| to_the_minute(lifting.at)),
            lifted_because: self.lifting.as_ref().map(|lifting| lifting.reason.clone()),
            in_force: self.is_in_force(today),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn placed(until: Date) -> HoldPlaced {
        HoldPlaced { ground: HoldGround::Inquest, reason: "an inquest is open".to_owned(), until }
    }

    fn record(until: Date) -> HoldRecord {
        HoldRecord {
            placed: placed(until),
            by: "officer-one".parse().unwrap(),
            at: "2026-06-01T10:00:30Z".parse().unwrap(),
            lifting: None,
        }
    }

    #[test]
    fn a_hold_is_in_force_until_the_end_of_its_last_day() {
        let hold = record(date(2026, 6, 30));
        assert!(hold.is_in_force(date(2026, 6, 1)) && hold.is_in_force(date(2026, 6, 30)));
        assert!(!hold.is_in_force(date(2026, 7, 1)));
    }

    #[test]
    fn a_hold_is_lifted_once() {
        let lifting = Lifting {
            by: "officer-two".parse().unwrap(),
            at: "2026-06-02T10:00:30Z".parse().unwrap(),
            reason: "the inquest is closed".to_owned(),
        };
        let lifted = record(date(2026, 6, 30)).lifted(lifting.clone()).unwrap();
        assert!(!lifted.is_in_force(date(2026, 6, 3)));
        assert_eq!(lifted.lifted(lifting), Err(AlreadyLifted));
    }

    #[test]
    fn the_last_day_is_neither_over_nor_more_than_a_year_away() {
        let today = date(2026, 6, 1);
        assert!(placed(today).check(today).is_ok() && placed(date(2027, 6, 1)).check(today).is_ok());
        assert!(placed(date(2026, 5, 31)).check(today).is_err());
        assert!(placed(date(2027, 6, 2)).check(today).is_err());
    }

    crate::domain::walks!(
        Hold,
        no_walk_brings_back_a_hold_that_was_lifted,
        ["lifted in force", "lifted when its last day was over"].map(str::to_owned)
    );

    proptest! {
        #[test]
        fn no_walk_brings_back_a_hold_that_was_lifted(walk in prop::collection::vec((any::<bool>(), 0_i32..20), 1..12)) {
            let (mut hold, mut today) = (record(date(2026, 6, 30)), date(2026, 6, 1));
            for (lifts, days) in walk {
                today = today.saturating_add(days.days());
                let before = hold.clone();
                let lifting = Lifting {
                    by: "officer-two".parse().unwrap(),
                    at: "2026-06-02T10:00:30Z".parse().unwrap(),
                    reason: format!("closed on {today}"),
                };
                if lifts && let Ok(next) = before.lifted(lifting) {
                    prop_assert!(before.lifting.is_none(), "it is lifted once");
                    match before.is_in_force(today) {
                        true => crate::domain::walked::took("lifted in force"),
                        false => crate::domain::walked::took("lifted when its last day was over"),
                    }
                    hold = next;
                }
                prop_assert_eq!(&hold.placed, &before.placed, "what was placed stays as it was");
                prop_assert!(before.is_in_force(today) || !hold.is_in_force(today));
                prop_assert_eq!(hold.is_in_force(today), hold.lifting.is_none() && today <= date(2026, 6, 30));
            }
        }
    }
}
