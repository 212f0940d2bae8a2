//! A contact flag: as it is set, as it is stored, and as its agency sees it.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::reappear::Reappeared;
use crate::domain::fault::{Faults, FieldFault, to_the_minute};
use crate::domain::task::HeldBy;
use crate::id::{Handle, WorkerId};
use crate::vocabulary::DutyRole;

/// No flag lives longer than this many months; one that is still needed is set again.
const LONGEST_MONTHS: i32 = 12;
/// How many re-appearances a flag remembers: the latest.
const REMEMBERED: usize = 50;

crate::code_list! {
    /// What the flag asks for.
    pub enum FlagType {
        /// The project should speak with her before anybody else does.
        ContactProjectFirst = "contact-project-first",
        /// How and where she can be reached without danger.
        SafeContact = "safe-contact",
        /// She needs something at once: medicine, a bed, clothes.
        UrgentNeed = "urgent-need",
    }
}

/// A flag as a worker sets it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagSet {
    /// What it asks for.
    pub r#type: FlagType,
    /// Why, for the agency's own workers. Nobody else ever reads it.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: String,
    /// The duty role that looks after it; `flag-owner` if left out.
    #[serde(default = "flag_owner")]
    pub duty: DutyRole,
    /// The one worker who looks after it, if it is not whoever is on duty.
    pub worker: Option<WorkerId>,
    /// By which day it is looked at again.
    #[schema(value_type = String, format = Date)]
    pub review_on: Date,
    /// Its last day; at most twelve months ahead.
    #[schema(value_type = String, format = Date)]
    pub expires_on: Date,
}

const fn flag_owner() -> DutyRole {
    DutyRole::FlagOwner
}

/// What a review found: who came up again was contacted, or need not be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagReviewed {
    /// By which day it is looked at again.
    #[schema(value_type = String, format = Date)]
    pub review_on: Date,
    /// What was done, for the agency's own workers.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub note: String,
}

/// The end of a flag before its last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagEnded {
    /// Why.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: String,
}

/// To whom a flag goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FlagReassigned {
    /// The worker who looks after it from now on; left out, whoever is on duty does.
    pub to: Option<WorkerId>,
    /// Why, without anybody's name.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: String,
}

/// One version of a flag as stored. With whom it lies is said by its review task, which is never without it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FlagRecord {
    /// What it asks for.
    pub r#type: FlagType,
    /// Why.
    pub reason: String,
    /// The worker who set it.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// By which day it is looked at again.
    pub review_on: Date,
    /// Its last day.
    pub expires_on: Date,
    /// The reviews, oldest first.
    pub reviews: Vec<Review>,
    /// When and how the person came up again, oldest first. Not where.
    pub reappearances: Vec<Reappearance>,
    /// How it was ended, if it was.
    pub ending: Option<Ending>,
}

/// A review as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// What was done.
    pub note: String,
}

/// How a flag was ended, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ending {
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// That a person came up again. The agency where that was may itself tell something, so none is named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Reappearance {
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// How.
    pub kind: Reappeared,
}

/// A flag as its agency sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct FlagView {
    /// What the agency calls it.
    pub id: Handle,
    /// What it asks for.
    pub r#type: FlagType,
    /// Why.
    pub reason: String,
    /// With whom it lies; none once it is over.
    pub held_by: Option<HeldBy>,
    /// When it was set, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub set_at: Timestamp,
    /// By which day it is looked at again.
    #[schema(value_type = String, format = Date)]
    pub review_on: Date,
    /// Its last day.
    #[schema(value_type = String, format = Date)]
    pub expires_on: Date,
    /// Whether it lives.
    pub live: bool,
    /// What was done when it was last looked at.
    pub last_review: Option<String>,
    /// When and how the person came up again, oldest first.
    pub reappearances: Vec<Reappearance>,
    /// Why it was ended.
    pub ended_because: Option<String>,
}

/// The flag is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Over;

impl FlagSet {
    /// Checks the days against the one on which it is set.
    ///
    /// # Errors
    /// Every rule that it breaks.
    pub(super) fn check(&self, today: Date) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        let longest = today.saturating_add(LONGEST_MONTHS.months());
        faults.require(self.review_on > today, "review_on", "must lie in the future");
        faults.require(self.review_on <= self.expires_on, "review_on", "must not lie after the last day");
        faults.require(self.expires_on <= longest, "expires_on", "must lie within twelve months");
        faults.into_result()
    }
}

impl FlagRecord {
    /// Whether it lives on this day.
    pub fn is_live(&self, today: Date) -> bool {
        self.ending.is_none() && today <= self.expires_on
    }

    /// The next version, looked at again.
    pub(super) fn reviewed(&self, review: Review, review_on: Date, today: Date) -> Result<Self, Over> {
        let mut next = self.living(today)?;
        next.review_on = review_on;
        next.reviews.push(review);
        Ok(next)
    }

    /// The next version, ended. One that has outlived its last day can be: what was to be done about it is closed with it.
    pub(super) fn ended(&self, ending: Ending) -> Result<Self, Over> {
        if self.ending.is_some() {
            return Err(Over);
        }
        Ok(Self { ending: Some(ending), ..self.clone() })
    }

    /// The next version, after the person came up again.
    pub(super) fn reappeared(&self, reappearance: Reappearance) -> Self {
        let mut next = self.clone();
        next.reappearances.push(reappearance);
        let forgotten = next.reappearances.len().saturating_sub(REMEMBERED);
        next.reappearances.drain(..forgotten);
        next
    }

    fn living(&self, today: Date) -> Result<Self, Over> {
        if self.is_live(today) { Ok(self.clone()) } else { Err(Over) }
    }

    /// The flag as its agency sees it.
    pub(super) fn view(&self, id: Handle, held_by: Option<HeldBy>, today: Date) -> FlagView {
        FlagView {
            id,
            r#type: self.r#type,
            reason: self.reason.clone(),
            held_by: held_by.filter(|_| self.is_live(today)),
            set_at: to_the_minute(self.at),
            review_on: self.review_on,
            expires_on: self.expires_on,
            live: self.is_live(today),
            last_review: self.reviews.last().map(|review| review.note.clone()),
            reappearances: self.reappearances.clone(),
            ended_because: self.ending.as_ref().map(|ending| ending.reason.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn set(review_on: Date, expires_on: Date) -> FlagSet {
        FlagSet {
            r#type: FlagType::ContactProjectFirst,
            reason: "ring before a visit".to_owned(),
            duty: flag_owner(),
            worker: None,
            review_on,
            expires_on,
        }
    }

    fn record() -> FlagRecord {
        FlagRecord {
            r#type: FlagType::UrgentNeed,
            reason: "no coat".to_owned(),
            by: "ms-placeholder".parse().unwrap(),
            at: "2026-06-01T10:00:30Z".parse().unwrap(),
            review_on: date(2026, 6, 20),
            expires_on: date(2026, 6, 30),
            reviews: Vec::new(),
            reappearances: Vec::new(),
            ending: None,
        }
    }

    #[test]
    fn a_flag_is_looked_at_before_it_ends_and_ends_within_a_year() {
        let today = date(2026, 6, 1);
        assert!(set(date(2026, 6, 2), date(2027, 6, 1)).check(today).is_ok());
        for (review_on, expires_on) in [
            (today, date(2026, 6, 30)),
            (date(2026, 7, 1), date(2026, 6, 30)),
            (date(2026, 6, 2), date(2027, 6, 2)),
        ] {
            assert!(set(review_on, expires_on).check(today).is_err(), "{review_on} {expires_on}");
        }
    }

    #[test]
    fn a_flag_that_is_over_is_not_reviewed_and_ends_once() {
        let (last, after) = (date(2026, 6, 30), date(2026, 7, 1));
        let by = || "demo-hazel".parse().unwrap();
        let at = "2026-06-02T10:00:30Z".parse().unwrap();
        let ending = || Ending { by: by(), at, reason: "housed".to_owned() };
        let ended = record().ended(ending()).unwrap();
        assert!(record().is_live(last) && !record().is_live(after) && !ended.is_live(last));
        assert_eq!(ended.ended(ending()), Err(Over));
        let review = Review { by: by(), at, note: "rang".to_owned() };
        assert_eq!(ended.reviewed(review.clone(), last, last), Err(Over));
        // Its last day has gone by: it does not live on, and whoever was in touch late can still say so.
        assert_eq!(record().reviewed(review, after, after), Err(Over));
        assert_eq!(record().ended(ending()), Ok(ended));
    }

    #[test]
    fn a_flag_remembers_the_latest_times_that_she_came_up() {
        let at = |minute: usize| Timestamp::from_second(i64::try_from(minute).unwrap() * 60).unwrap();
        let flag = (0..60).fold(record(), |flag, minute| {
            flag.reappeared(Reappearance { at: at(minute), kind: Reappeared::Checked })
        });
        assert_eq!(flag.reappearances.len(), REMEMBERED);
        assert_eq!(flag.reappearances.last().unwrap().at, at(59));
    }

    const STEPS: [&str; 3] = ["reviewed", "ended", "reappeared"];

    crate::domain::walks!(Flag, no_walk_leads_on_from_a_flag_that_is_over, STEPS.map(str::to_owned));

    proptest! {
        #[test]
        fn no_walk_leads_on_from_a_flag_that_is_over(walk in prop::collection::vec((0_u8..3, 0_i32..5), 1..40)) {
            let (mut flag, mut today) = (record(), date(2026, 6, 1));
            for (what, days) in walk {
                today = today.saturating_add(days.days());
                let (before, by) = (flag.clone(), "demo-hazel".parse().unwrap());
                let at = "2026-06-02T10:00:30Z".parse().unwrap();
                let next = match what {
                    0 => before.reviewed(Review { by, at, note: "rang".to_owned() }, today + 2.days(), today),
                    1 => before.ended(Ending { by, at, reason: "housed".to_owned() }),
                    _ => Ok(before.reappeared(Reappearance { at, kind: Reappeared::Checked })),
                };
                let may = [before.is_live(today), before.ending.is_none(), true];
                prop_assert_eq!(Some(&next.is_ok()), may.get(usize::from(what)));
                if let Ok(next) = next {
                    crate::domain::walked::took(STEPS[usize::from(what)]);
                    prop_assert!(next != before || before.reappearances.len() == REMEMBERED, "a change without a trace");
                    prop_assert!(before.ending.is_none() || next.ending == before.ending, "it ends once");
                    prop_assert_eq!(next.expires_on, before.expires_on, "nothing puts off the last day");
                    prop_assert!(next.reviews.len() >= before.reviews.len(), "what was noted stays");
                    flag = next;
                }
                prop_assert!(!flag.is_live(today) || today <= flag.expires_on && flag.ending.is_none());
            }
        }
    }
}
