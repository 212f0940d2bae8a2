//! A hospital's notice as stored, and what holders answer.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{Ground, HospitalEvent};
use crate::domain::fault::{Faults, FieldFault};
use crate::domain::minute::Minute;
use crate::domain::prescribing::codes::Drug;
use crate::domain::validation::plausible_date;
use crate::id::{AgencyId, WorkerId};

/// What a holder's clinician answers: enough to dose safely, in codes and days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HospitalAnswerGiven {
    /// Whether the holder prescribes for the person now.
    pub prescribes: bool,
    /// What, where it does.
    pub drug: Option<Drug>,
    /// The day of the last dose that somebody saw taken.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = Option<String>, format = Date)]
    pub last_dose_on: Option<Date>,
    /// The day on which it was last collected.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = Option<String>, format = Date)]
    pub last_collected_on: Option<Date>,
}

impl HospitalAnswerGiven {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        let is_past = |day: Option<Date>| day.is_none_or(|day| day <= today);
        let with_drug = |day: Option<Date>| day.is_none() || self.prescribes;
        faults.require(
            self.prescribes == self.drug.is_some(),
            "drug",
            "goes with `prescribes`, and only with it",
        );
        for (day, field) in
            [(self.last_dose_on, "last_dose_on"), (self.last_collected_on, "last_collected_on")]
        {
            faults.require(with_drug(day), field, "goes with `prescribes` alone");
            faults.require(is_past(day), field, "must not lie in the future");
        }
        faults.into_result()
    }
}

/// A holder's answer as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// Who.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// What.
    pub given: HospitalAnswerGiven,
}

/// One version of a notice as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HospitalRecord {
    /// The hospital, and who of it tells.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// On what it rests.
    pub ground: Ground,
    /// What has happened.
    pub event: HospitalEvent,
    /// When it did.
    pub happened_at: Minute,
    /// The ward's telephone.
    pub ring: String,
    /// Who is told. The hospital learns neither who that is nor whether there is anybody.
    pub told: Vec<AgencyId>,
    /// What they answered, oldest first.
    pub answers: Vec<Answered>,
}

/// Why no answer is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotAwaited {
    /// The agency was not told.
    NotTold,
    /// It has answered.
    AnsweredAlready,
}

impl HospitalRecord {
    /// Whether an agency that was told has still to answer.
    pub fn awaits(&self, agency: &AgencyId) -> bool {
        self.told.contains(agency) && !self.is_answered_by(agency)
    }

    /// Whether an agency has answered.
    pub fn is_answered_by(&self, agency: &AgencyId) -> bool {
        self.answers.iter().any(|answered| answered.by.0 == *agency)
    }

    /// The next version, with a holder's answer. Each answers once.
    ///
    /// # Errors
    /// Why none is taken.
    pub fn answered(&self, answered: Answered) -> Result<Self, NotAwaited> {
        if !self.told.contains(&answered.by.0) {
            return Err(NotAwaited::NotTold);
        }
        if self.is_answered_by(&answered.by.0) {
            return Err(NotAwaited::AnsweredAlready);
        }
        let mut next = self.clone();
        next.answers.push(answered);
        Ok(next)
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
