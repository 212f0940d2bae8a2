//! The steps of a script and their guards, as a table: from which state to which, and with what in hand.

use jiff::Timestamp;
use jiff::civil::Date;

use super::codes::{BridgeReference, ClinicalReason, EndReason, ScriptState, ScriptTransition};
use super::conflict::can_bridge_until;
use super::script::{ScriptRecord, ScriptStep, StepTaken};
use crate::domain::fault::FieldFault;
use crate::id::WorkerId;

/// Why a step of a script was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidScriptStep {
    /// The state does not allow it.
    #[error("not possible from the script's present state")]
    NotFrom(ScriptState),
    /// Another agency's script runs, and no clinical reason was given.
    #[error("another script runs")]
    Beside,
    /// A guard is not met; names the field.
    #[error("{0}")]
    Guard(FieldFault),
}

/// When a step is taken, by whom, and beside what.
#[derive(Debug, Clone)]
pub struct Taking {
    /// What day it is.
    pub today: Date,
    /// When it is entered.
    pub at: Timestamp,
    /// The worker; none where both sides of a conflict agreed on it.
    pub by: Option<WorkerId>,
    /// Whether the script would then run beside another agency's, and no bridge was agreed.
    pub is_beside_another: bool,
    /// Whether there is one among those with which it is not in conflict yet.
    pub is_new_conflict: bool,
    /// The reference that a bridge agreed now gets.
    pub new_reference: BridgeReference,
}

impl ScriptTransition {
    /// Where the step leads from this state; `None` if it is not possible.
    pub const fn from_state(self, state: ScriptState) -> Option<ScriptState> {
        use ScriptState::{Active, Bridging, Ended, Held, Proposed};
        match (self, state) {
            (Self::Start, Proposed | Held) | (Self::Resume, Bridging) => Some(Active),
            (Self::Collect, Active | Bridging)
            | (Self::ChangeDoseBand, Proposed | Held | Active | Bridging) => Some(state),
            (Self::AgreeBridge, Active) => Some(Bridging),
            (Self::End, Proposed | Held | Active | Bridging) => Some(Ended),
            _ => None,
        }
    }

    /// The steps that are possible from this state.
    pub fn possible(state: ScriptState) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |transition| transition.from_state(state).is_some())
    }
}

/// The next version of the script after a step.
///
/// # Errors
/// [`InvalidScriptStep`] if the state or a guard forbids it; then nothing has changed.
pub fn apply(
    record: &ScriptRecord,
    transition: ScriptTransition,
    step: &ScriptStep,
    taking: &Taking,
) -> Result<ScriptRecord, InvalidScriptStep> {
    let mut to = transition.from_state(record.state).ok_or(InvalidScriptStep::NotFrom(record.state))?;
    takes_no_other(transition, step)?;
    let on = step.on.unwrap_or(taking.today);
    require(on <= taking.today, "on", "must not lie in the future")?;
    let since_start = record.started_on.is_none_or(|start| start <= on);
    require(since_start, "on", "must not lie before the first day")?;
    let mut next = record.clone();
    let mut started_despite = None;
    match transition {
        ScriptTransition::Start => {
            next.bridge_taken = step.bridge_reference.clone().or(next.bridge_taken);
            started_despite = clinical_reason(step)?;
            if taking.is_beside_another && started_despite.is_none() {
                to = held(record.state, taking)?;
            } else {
                next.started_on = Some(on);
            }
        }
        ScriptTransition::Collect => {
            let is_later = record.last_collected_on.is_none_or(|last| last <= on);
            require(is_later, "on", "must not lie before the last collection")?;
            next.last_collected_on = Some(on);
        }
        ScriptTransition::ChangeDoseBand => next.dose_band = step.dose_band.ok_or(missing("dose_band"))?,
        ScriptTransition::AgreeBridge => {
            let until = step.until.ok_or(missing("until"))?;
            require(
                can_bridge_until(until, taking.today),
                "until",
                "must lie from today to seven days ahead",
            )?;
            next.bridging_until = Some(until);
            next.bridge_offered = Some(taking.new_reference.clone());
        }
        ScriptTransition::Resume => (next.bridging_until, next.bridge_offered) = (None, None),
        ScriptTransition::End => end(&mut next, step.end_reason.ok_or(missing("end_reason"))?, on),
    }
    Ok(moved(next, to, StepTaken { to, on, at: taking.at, by: taking.by.clone(), started_despite }))
}

/// What a resolution on which both sides agreed does to a script.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It ends.
    End(EndReason),
    /// It goes on, or starts, as the one that takes over from this bridge if there is one.
    GoOn(Option<BridgeReference>),
    /// It goes on until this day, under this reference.
    Until(Date, BridgeReference),
}

/// The next version of a script after a resolution. `None` if it has ended already. One that would start beside a third agency's, to which
/// nobody has agreed, is held: that its own clinician decides.
pub fn settle(record: &ScriptRecord, effect: &Effect, taking: &Taking) -> Option<ScriptRecord> {
    if !record.is_open() {
        return None;
    }
    let (today, at) = (taking.today, taking.at);
    let is_held = taking.is_beside_another && !record.is_running();
    let mut next = record.clone();
    let to = match effect {
        Effect::End(reason) => {
            end(&mut next, *reason, today);
            ScriptState::Ended
        }
        Effect::GoOn(reference) if is_held => {
            next.bridge_taken = reference.clone().or(next.bridge_taken);
            ScriptState::Held
        }
        Effect::Until(..) if is_held => ScriptState::Held,
        Effect::GoOn(reference) => {
            next.started_on = next.started_on.or(Some(today));
            (next.bridging_until, next.bridge_offered) = (None, None);
            next.bridge_taken = reference.clone().or(next.bridge_taken);
            ScriptState::Active
        }
        Effect::Until(until, reference) => {
            next.started_on = next.started_on.or(Some(today));
            (next.bridging_until, next.bridge_offered) = (Some(*until), Some(reference.clone()));
            ScriptState::Bridging
        }
    };
    Some(moved(next, to, StepTaken { to, on: today, at, by: None, started_despite: None }))
}

fn moved(mut next: ScriptRecord, to: ScriptState, step: StepTaken) -> ScriptRecord {
    next.version = next.version.saturating_add(1);
    next.state = to;
    next.steps.push(step);
    next
}

fn end(next: &mut ScriptRecord, reason: EndReason, on: Date) {
    (next.end_reason, next.ended_on) = (Some(reason), Some(on));
    (next.bridging_until, next.bridge_offered) = (None, None);
}

/// A planned script is held, and so is one that was held beside others than those that run now: there is a conflict to record. Of
/// one that it is in already the clinician is told.
const fn held(state: ScriptState, taking: &Taking) -> Result<ScriptState, InvalidScriptStep> {
    match state {
        ScriptState::Proposed => Ok(ScriptState::Held),
        ScriptState::Held if taking.is_new_conflict => Ok(ScriptState::Held),
        ScriptState::Held | ScriptState::Active | ScriptState::Bridging | ScriptState::Ended => {
            Err(InvalidScriptStep::Beside)
        }
    }
}

fn clinical_reason(step: &ScriptStep) -> Result<Option<ClinicalReason>, InvalidScriptStep> {
    match (step.clinical_reason, &step.reason) {
        (None, None) => Ok(None),
        (Some(code), Some(_)) => Ok(Some(code)),
        (Some(_), None) => Err(missing("reason")),
        (None, Some(_)) => Err(missing("clinical_reason")),
    }
}

/// A step takes nothing that is another's, so that nobody believes to have said what was not recorded.
fn takes_no_other(transition: ScriptTransition, step: &ScriptStep) -> Result<(), InvalidScriptStep> {
    use ScriptTransition::{AgreeBridge, ChangeDoseBand, End, Start};
    let sent = [
        (step.dose_band.is_some(), "dose_band", ChangeDoseBand),
        (step.until.is_some(), "until", AgreeBridge),
        (step.bridge_reference.is_some(), "bridge_reference", Start),
        (step.end_reason.is_some(), "end_reason", End),
        (step.clinical_reason.is_some(), "clinical_reason", Start),
        (step.reason.is_some(), "reason", Start),
    ];
    sent.into_iter().try_for_each(|(is_sent, field, of)| {
        require(!is_sent || of == transition, field, "does not go with this step")
    })
}

const fn require(holds: bool, field: &'static str, rule: &'static str) -> Result<(), InvalidScriptStep> {
    if holds { Ok(()) } else { Err(InvalidScriptStep::Guard(FieldFault { field, rule })) }
}

const fn missing(field: &'static str) -> InvalidScriptStep {
    InvalidScriptStep::Guard(FieldFault { field, rule: "required for this step" })
}

#[cfg(test)]
#[path = "states_tests.rs"]
mod tests;
