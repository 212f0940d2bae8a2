//! A conflict: two agencies prescribe for one person at once. How it stands on a day, and the steps by which both sides settle it.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::codes::{
    ClinicalReason, ConflictOutcome, ConflictState, ConflictTransition, Keeps, ResolutionReason,
};
use crate::domain::fault::FieldFault;
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};

/// How many days ahead a bridge or a guest dose may reach (our default; no source fixes it).
pub const LONGEST_BRIDGE_DAYS: i64 = 7;

/// Whether a bridge or a guest dose that is agreed today may last until this day.
pub fn can_bridge_until(until: Date, today: Date) -> bool {
    today <= until && until <= today.saturating_add(LONGEST_BRIDGE_DAYS.days())
}

/// One of the two that prescribe.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictSide {
    /// The agency.
    pub agency: AgencyId,
    /// Its script.
    pub script: RecordId,
}

/// That a clinician started a script beside the other's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Despite {
    /// Who.
    pub by: (AgencyId, WorkerId),
    /// When it was entered.
    pub at: Timestamp,
    /// Why. The words stand in the log.
    pub reason: ClinicalReason,
}

/// What one side proposes to the other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proposal {
    /// Who.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// How it would be resolved.
    pub outcome: ConflictOutcome,
    /// The agency whose script would go on; none where these are two people.
    pub keeps: Option<AgencyId>,
    /// The last day of a guest dose.
    pub until: Option<Date>,
    /// On what it rests.
    pub reason: ResolutionReason,
}

/// How a conflict was resolved.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolution {
    /// How.
    pub outcome: ConflictOutcome,
    /// The agency whose script goes on; none where these are two people.
    pub keeps: Option<AgencyId>,
    /// The last day of a guest dose: after it the conflict is open again, unless the guest's script has ended.
    pub until: Option<Date>,
    /// On what it rests.
    pub reason: ResolutionReason,
    /// Who proposed it, or ended the own script; the matching desk where it found that these are two people.
    pub proposed_by: (AgencyId, WorkerId),
    /// Who agreed; nobody is needed where a side only ended its own script, or the other has left the partnership.
    pub agreed_by: Option<(AgencyId, WorkerId)>,
    /// When.
    pub at: Timestamp,
}

/// One version of a conflict as stored. Held by the agency whose step made the two run beside each other; the other is a party.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConflictRecord {
    /// The same for all its versions.
    pub id: RecordId,
    /// 1 for the first.
    pub version: u32,
    /// The person.
    pub person: PersonId,
    /// When it was found.
    pub found_at: Timestamp,
    /// The side whose step it was.
    pub opener: ConflictSide,
    /// The other side.
    pub other: ConflictSide,
    /// Until when both agreed that the two run beside each other.
    pub bridged_until: Option<Date>,
    /// The starts all the same, oldest first.
    pub started_despite: Vec<Despite>,
    /// What stands proposed.
    pub proposal: Option<Proposal>,
    /// How it was resolved.
    pub resolution: Option<Resolution>,
}

/// What goes with a step of a conflict; only `propose` takes anything but `reason`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ConflictStep {
    /// How it is to be resolved.
    pub outcome: Option<ConflictOutcome>,
    /// Whose script goes on; for all outcomes but `false-match`.
    pub keeps: Option<Keeps>,
    /// `guest-dose`: the last day on which the other script is collected; at most seven days ahead.
    #[schema(value_type = Option<String>, format = Date)]
    pub until: Option<Date>,
    /// On what it rests.
    pub reason_code: Option<ResolutionReason>,
    /// The same in words. It stands in the log; the other side is not shown it. Required where the other agency has left the partnership,
    /// and its script is to end.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: Option<String>,
}

/// Why a step of a conflict was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidConflictStep {
    /// As it stands, this side cannot take it.
    #[error("not possible for this side as the conflict stands")]
    NotFromHere,
    /// A field is missing, or does not go with the step.
    #[error("{0}")]
    Guard(FieldFault),
}

/// Who takes a step, and when.
#[derive(Debug, Clone)]
pub struct Party {
    /// The agency and its worker.
    pub by: (AgencyId, WorkerId),
    /// When it is entered.
    pub at: Timestamp,
    /// What day it is.
    pub today: Date,
}

impl ConflictRecord {
    /// Its first version, about the opener's client.
    pub(super) fn found(
        (id, person): (RecordId, PersonId),
        (opener, other): (ConflictSide, ConflictSide),
        at: Timestamp,
    ) -> Self {
        Self {
            id,
            version: 1,
            person,
            found_at: at,
            opener,
            other,
            bridged_until: None,
            started_despite: Vec::new(),
            proposal: None,
            resolution: None,
        }
    }

    /// The next version of one that was settled because these were two people, when they are found to be one.
    pub(super) fn reopened(&self) -> Self {
        Self { proposal: None, resolution: None, ..self.next() }
    }

    /// The next version of one that is not settled for good, when the matching desk finds that these are two people.
    pub(super) fn parted(&self, by: (AgencyId, WorkerId), at: Timestamp) -> Self {
        let resolution = Resolution {
            outcome: ConflictOutcome::FalseMatch,
            keeps: None,
            until: None,
            reason: ResolutionReason::FoundToBeTwo,
            proposed_by: by,
            agreed_by: None,
            at,
        };
        Self { proposal: None, resolution: Some(resolution), ..self.next() }
    }

    /// The side that is not this agency's.
    pub fn side_beside(&self, agency: &AgencyId) -> &ConflictSide {
        if self.opener.agency == *agency { &self.other } else { &self.opener }
    }

    /// Whether it is between these two scripts.
    pub fn is_between(&self, one: RecordId, another: RecordId) -> bool {
        (self.opener.script, self.other.script) == (one, another)
            || (self.opener.script, self.other.script) == (another, one)
    }

    /// Where it stands on this day: what was agreed until a date lapses by itself.
    pub fn state_on(&self, today: Date) -> ConflictState {
        let agreed = |until: Option<Date>| until.is_some_and(|until| today <= until);
        match &self.resolution {
            Some(resolution) if resolution.until.is_none() || agreed(resolution.until) => {
                ConflictState::Resolved
            }
            None if agreed(self.bridged_until) => ConflictState::Bridged,
            Some(_) | None => ConflictState::Open,
        }
    }

    /// Whether the two scripts may run beside each other for good, because they are two people's.
    pub fn is_false_match(&self) -> bool {
        self.resolution.as_ref().is_some_and(|resolution| resolution.outcome == ConflictOutcome::FalseMatch)
    }

    /// Whether it is settled for good.
    pub fn is_over(&self) -> bool {
        self.resolution.as_ref().is_some_and(|resolution| resolution.until.is_none())
    }

    /// Whether a side can take this step on this day.
    pub fn allows(&self, transition: ConflictTransition, agency: &AgencyId, today: Date) -> bool {
        let proposer = self.proposal.as_ref().map(|proposal| &proposal.by.0);
        self.state_on(today) == ConflictState::Open
            && match transition {
                ConflictTransition::Propose => proposer.is_none(),
                ConflictTransition::Agree | ConflictTransition::Decline => {
                    proposer.is_some_and(|proposer| proposer != agency)
                }
                ConflictTransition::Withdraw => proposer == Some(agency),
            }
    }

    /// The steps that a side can take on this day.
    pub fn possible(&self, agency: &AgencyId, today: Date) -> Vec<ConflictTransition> {
        let all = ConflictTransition::ALL.iter().copied();
        all.filter(|transition| self.allows(*transition, agency, today)).collect()
    }

    /// The next version after a step.
    ///
    /// # Errors
    /// [`InvalidConflictStep`] if this side cannot take it as the conflict stands, or the step lacks something.
    pub fn step(
        &self,
        transition: ConflictTransition,
        step: &ConflictStep,
        party: &Party,
    ) -> Result<Self, InvalidConflictStep> {
        if !self.allows(transition, &party.by.0, party.today) {
            return Err(InvalidConflictStep::NotFromHere);
        }
        let mut next = self.next();
        match transition {
            ConflictTransition::Propose => {
                let proposal = self.proposal(step, party)?;
                if self.is_own_ending(&proposal) {
                    next.resolution = Some(resolution(proposal, None, party.at));
                } else {
                    // What was agreed until a date that has passed no longer stands.
                    (next.proposal, next.resolution) = (Some(proposal), None);
                }
                return Ok(next);
            }
            ConflictTransition::Agree => {
                let proposal = next.proposal.take().ok_or(InvalidConflictStep::NotFromHere)?;
                let is_in_time = proposal.until.is_none_or(|until| party.today <= until);
                require(is_in_time, "until", "that day has passed: decline, and propose another")?;
                next.resolution = Some(resolution(proposal, Some(party.by.clone()), party.at));
            }
            ConflictTransition::Decline | ConflictTransition::Withdraw => next.proposal = None,
        }
        require(nothing_proposed(step), "outcome", "does not go with this step")?;
        Ok(next)
    }

    /// The next version after a step beside a side that has left the partnership. Nobody there agrees to anything any more: that its script
    /// ends this side says alone, and why. Until somebody does, it counts like any other.
    ///
    /// # Errors
    /// As of [`Self::step`].
    pub fn step_alone(
        &self,
        transition: ConflictTransition,
        step: &ConflictStep,
        party: &Party,
    ) -> Result<Self, InvalidConflictStep> {
        let mut next = self.step(transition, step, party)?;
        let ends_theirs = |proposal: &mut Proposal| {
            transition == ConflictTransition::Propose
                && matches!(proposal.outcome, ConflictOutcome::Ended | ConflictOutcome::Transferred)
                && proposal.keeps.as_ref() == Some(&party.by.0)
        };
        if let Some(proposal) = next.proposal.take_if(ends_theirs) {
            require(
                step.reason.is_some(),
                "reason",
                "required: nobody at the other side can agree any more",
            )?;
            next.resolution = Some(resolution(proposal, None, party.at));
        }
        Ok(next)
    }

    /// The next version after the script of this side ended, for whatever reason.
    #[must_use]
    pub fn ended(&self, side: &AgencyId, party: &Party) -> Self {
        let mut next = self.next();
        next.proposal = None;
        next.resolution = Some(match &self.resolution {
            // The guest dose was given, and is over.
            Some(agreed) => Resolution { until: None, ..agreed.clone() },
            None => Resolution {
                outcome: ConflictOutcome::Ended,
                keeps: Some(self.side_beside(side).agency.clone()),
                until: None,
                reason: ResolutionReason::ScriptEnded,
                proposed_by: party.by.clone(),
                agreed_by: None,
                at: party.at,
            },
        });
        next
    }

    /// The next version, as yet the same.
    #[must_use]
    pub fn next(&self) -> Self {
        Self { version: self.version.saturating_add(1), ..self.clone() }
    }

    fn proposal(&self, step: &ConflictStep, party: &Party) -> Result<Proposal, InvalidConflictStep> {
        let outcome = step.outcome.ok_or(missing("outcome"))?;
        let reason = step.reason_code.ok_or(missing("reason_code"))?;
        let by_itself = [ResolutionReason::ScriptEnded, ResolutionReason::FoundToBeTwo];
        let is_told_by_itself = !by_itself.contains(&reason);
        require(is_told_by_itself, "reason_code", "is what the gateway notes by itself")?;
        let keeps = match (outcome, step.keeps) {
            (ConflictOutcome::FalseMatch, None) => None,
            (ConflictOutcome::FalseMatch, Some(_)) => {
                return Err(guard("keeps", "does not go with this outcome"));
            }
            (_, Some(Keeps::Ours)) => Some(party.by.0.clone()),
            (_, Some(Keeps::Theirs)) => Some(self.side_beside(&party.by.0).agency.clone()),
            (_, None) => return Err(missing("keeps")),
        };
        match (outcome, step.until) {
            (ConflictOutcome::GuestDose, Some(until)) => {
                let is_short = can_bridge_until(until, party.today);
                require(is_short, "until", "must lie from today to seven days ahead")?;
            }
            (ConflictOutcome::GuestDose, None) => return Err(missing("until")),
            (_, Some(_)) => return Err(guard("until", "does not go with this outcome")),
            (_, None) => {}
        }
        Ok(Proposal { by: party.by.clone(), at: party.at, outcome, keeps, until: step.until, reason })
    }

    /// Each side acts on its own script: to end that, it needs nobody's leave.
    fn is_own_ending(&self, proposal: &Proposal) -> bool {
        proposal.outcome == ConflictOutcome::Ended && proposal.keeps.as_ref() != Some(&proposal.by.0)
    }
}

fn resolution(proposal: Proposal, agreed_by: Option<(AgencyId, WorkerId)>, at: Timestamp) -> Resolution {
    let Proposal { by, outcome, keeps, until, reason, .. } = proposal;
    Resolution { outcome, keeps, until, reason, proposed_by: by, agreed_by, at }
}

const fn nothing_proposed(step: &ConflictStep) -> bool {
    step.outcome.is_none() && step.keeps.is_none() && step.until.is_none() && step.reason_code.is_none()
}

const fn require(holds: bool, field: &'static str, rule: &'static str) -> Result<(), InvalidConflictStep> {
    if holds { Ok(()) } else { Err(guard(field, rule)) }
}

const fn guard(field: &'static str, rule: &'static str) -> InvalidConflictStep {
    InvalidConflictStep::Guard(FieldFault { field, rule })
}

const fn missing(field: &'static str) -> InvalidConflictStep {
    guard(field, "required for this step")
}

#[cfg(test)]
#[path = "conflict_tests.rs"]
mod tests;
