//! A delegated follow-up as stored. Held by the team, beside the assessment and never in it: of that other teams and the police are parties.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::codes::{Came, DelegationState};
use crate::domain::assessment::codes::AppointmentKind;
use crate::domain::assessment::model::AssessmentRecord;
use crate::domain::minute::Minute;
use crate::id::{AgencyId, RecordId, WorkerId};

/// One version of a delegated follow-up as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DelegationRecord {
    /// The team on which the duty lies.
    pub team: AgencyId,
    /// The project that holds it.
    pub project: AgencyId,
    /// The assessment whose follow-up it is.
    pub assessment: RecordId,
    /// The time of the follow-up that was delegated.
    pub at: Minute,
    /// The place of it.
    pub place: String,
    /// The team's worker who delegated it.
    pub by: WorkerId,
    /// When.
    pub since: Timestamp,
    /// What the project said.
    pub told: Option<Told>,
    /// How it ended without that.
    pub ended: Option<Ended>,
}

/// Whether the person came, as the project said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Whether.
    pub came: Came,
    /// When it ended, or was given up.
    pub at: Minute,
    /// Who said so.
    pub by: WorkerId,
    /// When it was entered.
    pub recorded_at: Timestamp,
}

/// That one side has ended it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ended {
    /// Which side: the project gave it back, or else the team withdrew it.
    pub given_back: bool,
    /// Who.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

impl DelegationRecord {
    /// Where it stands, beside the assessment: what was moved since is not what was delegated.
    pub fn state(&self, assessment: &AssessmentRecord) -> DelegationState {
        if self.told.is_some() {
            return DelegationState::Told;
        }
        match &self.ended {
            Some(ended) if ended.given_back => DelegationState::GivenBack,
            Some(_) => DelegationState::Withdrawn,
            None if self.is_booked(assessment) => DelegationState::Awaited,
            None => DelegationState::Lapsed,
        }
    }

    /// Whether the appointment is still to come as it was delegated.
    fn is_booked(&self, assessment: &AssessmentRecord) -> bool {
        let booked = assessment.booked(AppointmentKind::FollowUp).filter(|_| assessment.is_open());
        booked.is_some_and(|it| {
            it.agency == self.team && (it.at, it.place.as_str()) == (self.at, self.place.as_str())
        })
    }
}
