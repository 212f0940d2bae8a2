//! The steps of an episode: from which state each is possible, where it leads, and what it leaves on record.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;

use super::guards::{guard_closure, guard_custody, guard_suspension, missing, require, takes};
use super::model::{
    Disengaged, EpisodeOpened, EpisodeRecord, EpisodeState, EpisodeStep, EpisodeTransition, Part, Stay,
    StepTaken, SuspendCode,
};
use super::scheme::{Bail, InStage};
use crate::calendar::{Calendar, review_due};
use crate::domain::fault::{Faults, FieldFault};
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};

/// Within how many working days of a significant event a review takes place (our default; the handbook gives no number).
const EARLY_REVIEW_WORKING_DAYS: u32 = 5;

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
    pub recorded_at: Timestamp,
    /// Whether the agency leads.
    pub part: Part,
    /// Whether a case manager, if one is allocated at once, is allocated before all have answered.
    pub provisional: bool,
}

/// What a step is judged by besides the episode and the evidence that came with it.
#[derive(Debug, Clone)]
pub struct Known {
    /// Another partnership accepted this person's referral.
    pub transfer_accepted: bool,
    /// No other agency leads.
    pub nobody_leads: bool,
    /// The case manager is allocated before all have answered.
    pub provisional: bool,
    /// The worker who takes the step.
    pub by: WorkerId,
    /// When it is entered.
    pub now: Timestamp,
    /// What day that is, and which days are working days.
    pub calendar: Arc<Calendar>,
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
            stay: None,
            disengaged: None,
            plan: None,
            reviews: Vec::new(),
            treated_since: (self.state == EpisodeState::Active).then_some(self.admitted_on),
            bail: None,
            stage: None,
            steps: Vec::new(),
        }
    }
}

impl EpisodeTransition {
    /// Where the step leads from this state; `None` if it is not possible.
    pub const fn from_state(self, state: EpisodeState) -> Option<EpisodeState> {
        use EpisodeState::{Active, Assessed, CarePlanned, Closed, Identified, Suspended};
        match (self, state) {
            (_, Closed) => None,
            (Self::Assess, Identified) => Some(Assessed),
            (Self::Plan, Assessed) => Some(CarePlanned),
            (Self::Activate, CarePlanned) | (Self::Resume, Suspended) => Some(Active),
            (Self::Suspend, Active) => Some(Suspended),
            (Self::Assess | Self::Plan | Self::Activate | Self::Resume | Self::Suspend, _) => None,
            (Self::Close, _) => Some(Closed),
            (
                Self::Allocate
                | Self::SetExpectations
                | Self::NoteEvent
                | Self::NoteDisengagement
                | Self::ReachOut
                | Self::Warn
                | Self::ReEngage
                | Self::NoteCustody
                | Self::NoteRelease
                | Self::NoteCourt
                | Self::RemindOfCourt
                | Self::ExtendBail
                | Self::NoteBailAppointment
                | Self::EnterStage
                | Self::LeaveProgramme,
                open,
            ) => Some(open),
        }
    }

    /// Where the step leads from where the episode stands; `None` if it is not possible.
    pub fn leads(self, record: &EpisodeRecord) -> Option<EpisodeState> {
        let fits = match self {
            Self::NoteDisengagement => record.disengaged.is_none(),
            Self::Warn | Self::ReEngage => record.disengaged.is_some(),
            Self::NoteRelease => record.in_custody().is_some(),
            Self::RemindOfCourt => record.bail.as_ref().is_some_and(Bail::awaits_reminder),
            Self::ExtendBail => record.bail.as_ref().is_some_and(|bail| bail.extended_on.is_none()),
            Self::NoteBailAppointment => record.bail.as_ref().is_some_and(Bail::awaits_appointments),
            Self::LeaveProgramme => record.stage.is_some() || record.bail.is_some(),
            _ => true,
        };
        self.from_state(record.state).filter(|_| fits)
    }

    /// The steps that are possible from where the episode stands.
    pub fn possible(record: &EpisodeRecord) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|step| step.leads(record).is_some())
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
    let state = transition.leads(record).ok_or(InvalidEpisodeStep::NotFromHere)?;
    takes(transition, step)?;
    let today = known.calendar.date_of(known.now);
    let on = step.on.unwrap_or(today);
    require(record.admitted_on <= on && on <= today, "on", "must lie between admission and today")?;
    let mut next = record.clone();
    if let Some(custody) = &step.custody {
        guard_custody(custody, on)?;
        next.stay = Some(Stay { custody: custody.clone(), noted_on: today, released_on: None });
    }
    match transition {
        EpisodeTransition::Plan => {
            let agreed = record.plan.as_ref().is_some_and(|plan| plan.agreed);
            require(agreed, "care_plan", "a care plan that the person agreed must be on record first")?;
        }
        EpisodeTransition::Suspend => {
            let code = step.suspend_code.ok_or(missing("suspend_code"))?;
            guard_suspension(code, &next, step, on)?;
            next.suspensions.push(code);
            next.review_due = None;
        }
        EpisodeTransition::Resume => resume(record, &mut next, on)?,
        EpisodeTransition::Allocate => {
            next.case_manager = Some(step.case_manager.clone().ok_or(missing("case_manager"))?);
            next.provisional = known.provisional;
            // Whoever led has closed meanwhile, as the check that allows this found.
            if known.nobody_leads && record.part == Part::Contributor {
                next.part = Part::ProvisionalLead;
            }
        }
        EpisodeTransition::NoteEvent => {
            require(step.event.is_some(), "event", "required for this step")?;
            next.review_early(on, &known.calendar);
        }
        EpisodeTransition::NoteDisengagement => {
            let stopped = step.offending_stopped.ok_or(missing("offending_stopped"))?;
            next.disengaged = Some(Disengaged { on, noted_at: known.now, outreach_awaited: !stopped });
            next.review_early(on, &known.calendar);
        }
        EpisodeTransition::ReachOut => {
            require(step.reached.is_some(), "reached", "required for this step")?;
            if let Some(disengaged) = next.disengaged.as_mut().filter(|disengaged| disengaged.on <= on) {
                disengaged.outreach_awaited = false;
            }
        }
        EpisodeTransition::ReEngage => next.disengaged = None,
        EpisodeTransition::NoteCustody => {
            require(step.custody.is_some(), "custody", "required for this step")?;
            next.review_early(on, &known.calendar);
        }
        EpisodeTransition::NoteRelease => release(&mut next, on)?,
        EpisodeTransition::Close => {
            let code = step.close_code.ok_or(missing("close_code"))?;
            guard_closure(&next, code, known.transfer_accepted, on)?;
            next.close_code = Some(code);
            next.review_due = None;
        }
        EpisodeTransition::NoteCourt => {
            next.bail = Some(Bail::noted(record.bail.as_ref(), step.court_on, on)?);
        }
        EpisodeTransition::RemindOfCourt => {
            next.bail = record.bail.clone().map(|bail| Bail { reminded: true, ..bail });
        }
        EpisodeTransition::ExtendBail => {
            next.bail = record.bail.as_ref().map(|bail| bail.extended(on)).transpose()?;
        }
        EpisodeTransition::NoteBailAppointment => {
            next.bail = record.bail.as_ref().map(|bail| bail.kept(on)).transpose()?;
        }
        EpisodeTransition::EnterStage => next.stage = Some(InStage::enter(record.stage, step.stage, on)?),
        EpisodeTransition::LeaveProgramme => (next.stage, next.bail) = (None, None),
        EpisodeTransition::Activate => next.treated_since = Some(on),
        EpisodeTransition::Assess | EpisodeTransition::SetExpectations | EpisodeTransition::Warn => {}
    }
    next.version = next.version.saturating_add(1);
    next.state = state;
    next.steps.push((
        transition,
        StepTaken {
            on: Some(on),
            at: Some(known.now),
            by: Some(known.by.clone()),
            suspend_code: step.suspend_code,
            requirement_made_on: step.requirement_made_on,
            event: step.event,
            reached: step.reached,
            court_on: step.court_on,
            stage: step.stage,
        },
    ));
    Ok(next)
}

/// Who comes back within the month that S1 is for is with the team again. After more than a month the episode was to be closed.
fn resume(record: &EpisodeRecord, next: &mut EpisodeRecord, on: Date) -> Result<(), InvalidEpisodeStep> {
    if record.suspended_for() == Some(SuspendCode::S1) && record.in_custody().is_some() {
        release(next, on)?;
    }
    let too_long = record.suspended_for() == Some(SuspendCode::S1)
        && next.stay.as_ref().is_some_and(|stay| stay.is_longer_than_a_month(on));
    require(!too_long, "on", "the stay in prison became longer than one month; close with C2")?;
    next.disengaged = None;
    next.review_due = Some(review_due(on));
    Ok(())
}

fn release(next: &mut EpisodeRecord, on: Date) -> Result<(), InvalidEpisodeStep> {
    let stay = next.stay.as_mut().ok_or(missing("custody"))?;
    require(stay.custody.received_on <= on, "on", "must not lie before the day of reception")?;
    stay.released_on = Some(on);
    Ok(())
}

impl EpisodeRecord {
    /// Brings the review forward after something that happened on a day. A suspended episode has none until it is resumed.
    fn review_early(&mut self, on: Date, calendar: &Calendar) {
        let early = calendar.add_working_days(on, EARLY_REVIEW_WORKING_DAYS);
        self.review_due = self.review_due.map(|due| due.min(early));
    }
}

#[cfg(test)]
#[path = "states_tests.rs"]
mod tests;
