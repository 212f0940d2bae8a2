//! A referral to housing as stored, and its steps: pure, over the record alone.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{DeclineReason, HousingState, HousingTransition};
use super::duty::Homelessness;
use super::items::{MoveRisk, SixItems};
use crate::domain::fault::FieldFault;
use crate::id::{AgencyId, WorkerId};
use crate::vocabulary::{Segment, SegmentSet};

/// One version of a referral to housing as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HousingRecord {
    /// 1 for the first.
    pub version: u32,
    /// Who refers.
    pub sender: (AgencyId, WorkerId),
    /// The landlord or council.
    pub provider: AgencyId,
    /// When it was sent.
    pub sent_at: Timestamp,
    /// What it says, of who looks for a home.
    pub items: Option<SixItems>,
    /// What it says, under the duty to refer.
    #[serde(default)]
    pub homelessness: Option<Homelessness>,
    /// Where it stands.
    pub state: HousingState,
    /// From which day the provider takes the person.
    pub move_in_on: Option<Date>,
    /// Why it does not.
    pub declined_because: Option<DeclineReason>,
    /// The risks that were told before the move, oldest first.
    pub risks: Vec<RiskTold>,
}

/// A risk that was told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RiskTold {
    /// By whom.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// What.
    pub told: MoveRisk,
}

/// What goes with a step; each takes only its own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct HousingStep {
    /// `agree-placement`: from which day.
    #[schema(value_type = Option<String>, format = Date)]
    pub move_in_on: Option<Date>,
    /// `decline`: why.
    pub reason_code: Option<DeclineReason>,
    /// `tell-risk`: what the other side must know.
    #[validate(nested)]
    pub risk: Option<MoveRisk>,
}

/// Who takes a step, and when.
#[derive(Debug, Clone)]
pub struct Mover {
    /// Who.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// The same as a day.
    pub today: Date,
}

/// Why a step was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidHousingStep {
    /// As it stands, this side cannot take it.
    #[error("not possible for this side as the referral stands")]
    NotFromHere,
    /// A field is missing, or does not go with the step.
    #[error("{0}")]
    Guard(FieldFault),
}

impl HousingRecord {
    /// The segments by which it reaches the provider: any of them that the person lets pass keeps it going.
    pub(in crate::domain) fn rests_on(&self) -> SegmentSet {
        match &self.homelessness {
            Some(_) => Homelessness::segments(),
            None => SegmentSet::EMPTY.with(Segment::Housing).with(Segment::Risk),
        }
    }

    /// Whether something is still to come of it on this day: an answer, or the move.
    pub fn is_ahead(&self, today: Date) -> bool {
        let has_moved_in = self.move_in_on.is_some_and(|move_in| move_in < today);
        match self.state {
            HousingState::Sent => true,
            HousingState::PlacementAgreed => !has_moved_in,
            HousingState::Declined | HousingState::Withdrawn => false,
        }
    }

    /// Whether a side can take a step on this day.
    pub fn allows(&self, transition: HousingTransition, agency: &AgencyId, today: Date) -> bool {
        let (is_sender, is_provider) = (self.sender.0 == *agency, self.provider == *agency);
        let is_open = matches!(self.state, HousingState::Sent | HousingState::PlacementAgreed);
        match transition {
            HousingTransition::AgreePlacement => is_provider && self.state == HousingState::Sent,
            HousingTransition::Decline => is_provider && is_open,
            HousingTransition::Withdraw => is_sender && is_open,
            HousingTransition::TellRisk => {
                (is_sender || is_provider)
                    && self.items.is_some()
                    && self.state == HousingState::PlacementAgreed
                    && self.move_in_on.is_some_and(|move_in| today <= move_in)
            }
        }
    }

    /// The steps that a side can take on this day.
    pub fn possible(&self, agency: &AgencyId, today: Date) -> Vec<HousingTransition> {
        let all = HousingTransition::ALL.iter().copied();
        all.filter(|transition| self.allows(*transition, agency, today)).collect()
    }

    /// The next version after a step.
    ///
    /// # Errors
    /// [`InvalidHousingStep`] if this side cannot take it as the referral stands, or the step lacks something.
    pub fn step(
        &self,
        transition: HousingTransition,
        step: &HousingStep,
        mover: &Mover,
    ) -> Result<Self, InvalidHousingStep> {
        if !self.allows(transition, &mover.by.0, mover.today) {
            return Err(InvalidHousingStep::NotFromHere);
        }
        let goes =
            |field, given: bool, of| require(!given || transition == of, field, "does not go with this step");
        goes("move_in_on", step.move_in_on.is_some(), HousingTransition::AgreePlacement)?;
        goes("reason_code", step.reason_code.is_some(), HousingTransition::Decline)?;
        goes("risk", step.risk.is_some(), HousingTransition::TellRisk)?;
        let mut next = Self { version: self.version.saturating_add(1), ..self.clone() };
        match transition {
            HousingTransition::AgreePlacement => {
                let in_time = step.move_in_on.is_some_and(|day| day >= mover.today);
                require(in_time, "move_in_on", "is required, and must not be in the past")?;
                (next.state, next.move_in_on) = (HousingState::PlacementAgreed, step.move_in_on);
            }
            HousingTransition::Decline => {
                require(step.reason_code.is_some(), "reason_code", "is required")?;
                (next.state, next.declined_because) = (HousingState::Declined, step.reason_code);
            }
            HousingTransition::Withdraw => next.state = HousingState::Withdrawn,
            HousingTransition::TellRisk => {
                let told = step
                    .risk
                    .clone()
                    .ok_or(InvalidHousingStep::Guard(FieldFault { field: "risk", rule: "is required" }))?;
                next.risks.push(RiskTold { by: mover.by.clone(), at: mover.at, told });
            }
        }
        Ok(next)
    }
}

fn require(holds: bool, field: &'static str, rule: &'static str) -> Result<(), InvalidHousingStep> {
    if holds { Ok(()) } else { Err(InvalidHousingStep::Guard(FieldFault { field, rule })) }
}

#[cfg(test)]
#[path = "referral_tests.rs"]
mod tests;
