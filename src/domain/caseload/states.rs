//! The steps of an episode and their guards: no closure without what the handbook asks for first.

use jiff::civil::Date;

use super::model::{
    CloseCode, EpisodeOpened, EpisodeRecord, EpisodeState, EpisodeStep, EpisodeTransition, Part, SuspendCode,
};
use crate::calendar::{longer_than_a_month, review_due};
use crate::domain::fault::{Faults, FieldFault};
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};

/// Why a step of an episode was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidEpisodeStep {
    /// The state does not allow it.
    #[error("not possible from the episode's present state")]
    NotFromHere,
    /// A guard is not met; names the evidence.
    #[error("{0}")]
    Guard(FieldFault),
}

/// What the gateway itself knows of a new episode.
#[derive(Debug, Clone)]
pub struct Origin {
    /// The record's id.
    pub id: RecordId,
    /// The person.
    pub person: PersonId,
    /// The agency.
    pub agency: AgencyId,
    /// Its worker.
    pub opened_by: WorkerId,
    /// When it is entered.
    pub recorded_at: jiff::Timestamp,
    /// Whether the agency leads.
    pub part: Part,
    /// Whether a case manager, if one is allocated at once, is allocated before all have answered.
    pub provisional: bool,
}

/// What a step is judged by besides the episode and the evidence that came with it.
#[derive(Debug, Clone, Copy)]
pub struct Known {
    /// Another partnership accepted this person's referral.
    pub transfer_accepted: bool,
    /// No other agency leads.
    pub nobody_leads: bool,
    /// The case manager is allocated before all have answered.
    pub provisional: bool,
    /// What day it is.
    pub today: Date,
}

impl EpisodeOpened {
    /// Checks what the form of the fields cannot say.
    ///
    /// # Errors
    /// Every rule that is broken, by field.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        faults.require(self.admitted_on <= today, "admitted_on", "must not lie in the future");
        let opening = !matches!(self.state, EpisodeState::Suspended | EpisodeState::Closed);
        faults.require(opening, "state", "an episode does not begin suspended or closed");
        faults.into_result()
    }

    /// The episode as it is stored first.
    pub fn into_record(self, origin: Origin) -> EpisodeRecord {
        EpisodeRecord {
            id: origin.id,
            version: 1,
            person: origin.person,
            agency: origin.agency,
            opened_by: origin.opened_by,
            recorded_at: origin.recorded_at,
            admitted_on: self.admitted_on,
            review_due: Some(review_due(self.admitted_on)),
            part: origin.part,
            provisional: origin.provisional && self.case_manager.is_some(),
            case_manager: self.case_manager,
            state: self.state,
            suspensions: Vec::new(),
            close_code: None,
            steps: Vec::new(),
        }
    }
}

impl EpisodeTransition {
    /// Where the step leads from this state; `None` if it is not possible.
    pub const fn from_state(self, state: EpisodeState) -> Option<EpisodeState> {
        use EpisodeState::{Active, Assessed, CarePlanned, Closed, Identified, Suspended};
        match (self, state) {
            (Self::Assess, Identified) => Some(Assessed),
            (Self::Plan, Assessed) => Some(CarePlanned),
            (Self::Activate, CarePlanned) | (Self::Resume, Suspended) => Some(Active),
            (Self::Suspend, Active) => Some(Suspended),
            (Self::Allocate, open @ (Identified | Assessed | CarePlanned | Active | Suspended)) => Some(open),
            (Self::Close, Identified | Assessed | CarePlanned | Active | Suspended) => Some(Closed),
            _ => None,
        }
    }
}

/// The next version of the episode after a step.
///
/// # Errors
/// [`InvalidEpisodeStep`] if the state or a guard forbids it; then nothing has changed.
pub fn apply(
    record: &EpisodeRecord,
    transition: EpisodeTransition,
    step: &EpisodeStep,
    known: &Known,
) -> Result<EpisodeRecord, InvalidEpisodeStep> {
    let state = transition.from_state(record.state).ok_or(InvalidEpisodeStep::NotFromHere)?;
    let on = step.on.unwrap_or(known.today);
    require(record.admitted_on <= on && on <= known.today, "on", "must lie between admission and today")?;
    let mut next = record.clone();
    match transition {
        EpisodeTransition::Suspend => {
            let code = step.suspend_code.ok_or(missing("suspend_code"))?;
            guard_suspension(code, step)?;
            next.suspensions.push(code);
            next.review_due = None;
        }
        EpisodeTransition::Resume => next.review_due = Some(review_due(on)),
        EpisodeTransition::Close => {
            let code = step.close_code.ok_or(missing("close_code"))?;
            guard_closure(record, code, step, known.transfer_accepted, on)?;
            next.close_code = Some(code);
            next.review_due = None;
        }
        EpisodeTransition::Allocate => {
            next.case_manager = Some(step.case_manager.clone().ok_or(missing("case_manager"))?);
            next.provisional = known.provisional;
            // Whoever led has closed meanwhile, as the check that allows this found.
            if known.nobody_leads && record.part == Part::Contributor {
                next.part = Part::ProvisionalLead;
            }
        }
        EpisodeTransition::Assess | EpisodeTransition::Plan | EpisodeTransition::Activate => {}
    }
    next.version = next.version.saturating_add(1);
    next.state = state;
    next.steps.push((transition, EpisodeStep { on: Some(on), ..step.clone() }));
    Ok(next)
}

fn guard_suspension(code: SuspendCode, step: &EpisodeStep) -> Result<(), InvalidEpisodeStep> {
    match code {
        SuspendCode::S1 => {
            let custody = step.custody.ok_or(missing("custody"))?;
            require(
                custody.received_on <= custody.release_expected_on,
                "custody",
                "must not end before it begins",
            )?;
            let short = !longer_than_a_month(custody.received_on, custody.release_expected_on);
            require(short, "custody", "S1 is for at most one month; close with C2")
        }
        SuspendCode::S2 => {
            require(step.requirement_made_on.is_some(), "requirement_made_on", "required for S2")
        }
    }
}

fn guard_closure(
    record: &EpisodeRecord,
    code: CloseCode,
    step: &EpisodeStep,
    transfer_accepted: bool,
    on: Date,
) -> Result<(), InvalidEpisodeStep> {
    let past = |day: Option<Date>| day.is_some_and(|day| day <= on);
    match code {
        CloseCode::C1 | CloseCode::C6 => Ok(()),
        CloseCode::C2 => {
            let custody = step.custody.ok_or(missing("custody"))?;
            let long = longer_than_a_month(custody.received_on, custody.release_expected_on);
            require(long, "custody", "C2 is for more than one month; suspend with S1")
        }
        CloseCode::C3 | CloseCode::C4 => {
            let suspension = if code == CloseCode::C3 { SuspendCode::S1 } else { SuspendCode::S2 };
            require(
                record.suspensions.contains(&suspension),
                "close_code",
                "needs a prior suspension of its kind",
            )?;
            let tried = past(step.re_engagement_attempted_on);
            require(tried, "re_engagement_attempted_on", "required: an active attempt to re-engage")
        }
        CloseCode::C5 => require(transfer_accepted, "close_code", "C5 needs an accepted transfer"),
        CloseCode::C7 => {
            let found = step.class_a == Some(true) && step.offending == Some(false);
            require(found, "close_code", "C7 needs a review that found Class A misuse and no offending")
        }
        CloseCode::C8 => {
            let found = step.class_a == Some(false) && step.offending == Some(true);
            require(found, "close_code", "C8 needs a review that found offending and no Class A misuse")
        }
        CloseCode::C9 => {
            require(past(step.expectations_set_on), "expectations_set_on", "required for C9")?;
            require(past(step.outreach_on), "outreach_on", "required for C9")?;
            require(past(step.warned_on), "warned_on", "required for C9")
        }
    }
}

const fn require(holds: bool, field: &'static str, rule: &'static str) -> Result<(), InvalidEpisodeStep> {
    if holds { Ok(()) } else { Err(InvalidEpisodeStep::Guard(FieldFault { field, rule })) }
}

const fn missing(field: &'static str) -> InvalidEpisodeStep {
    InvalidEpisodeStep::Guard(FieldFault { field, rule: "required for this step" })
}

#[cfg(test)]
#[path = "states_tests.rs"]
mod tests;
