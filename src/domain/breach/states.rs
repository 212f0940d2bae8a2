//! The steps of a breach and their guards, and when a missed appointment is one at all.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{BreachState, BreachTransition, Colour, Statute, WithdrawReason};
use super::model::{BreachRecord, Decision};
use crate::domain::assessment::codes::{AppointmentKind, AttendanceOutcome, CancelReason, EndReason};
use crate::domain::assessment::model::{AssessmentRecord, Standing};
use crate::domain::fault::FieldFault;
use crate::domain::minute::Minute;
use crate::domain::validation::{clean_line, clean_text, plausible_minute};
use crate::id::WorkerId;

/// What goes with a step of a breach. Each step needs what stands beside its name and takes no other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BreachStep {
    /// `decide`: how soon.
    pub colour: Option<Colour>,
    /// `decide`: who decides; the sender if left out.
    pub decided_by: Option<WorkerId>,
    /// `decide`: the risk to the person.
    #[validate(custom(function = "clean_text"))]
    pub risk_to_self: Option<String>,
    /// `decide`: the risk to others.
    #[validate(custom(function = "clean_text"))]
    pub risk_to_others: Option<String>,
    /// `put-out` and `arrest`: when.
    #[validate(custom(function = "plausible_minute"))]
    pub at: Option<Minute>,
    /// `put-out`: the reference of the task at the police's own system.
    #[validate(custom(function = "clean_line"))]
    pub task_reference: Option<String>,
    /// `withdraw`: why.
    pub reason: Option<WithdrawReason>,
}

/// When a step is taken, and by whom.
#[derive(Debug, Clone)]
pub struct Taking {
    /// When it is entered.
    pub now: Timestamp,
    /// The same as civil time.
    pub minute: Minute,
    /// The worker.
    pub by: WorkerId,
}

/// Why a step of a breach was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InvalidBreachStep {
    /// The state does not allow it.
    NotFrom(BreachState),
    /// A guard is not met; names the field.
    Guard(FieldFault),
}

impl BreachTransition {
    /// Where the step leads from this state; `None` if it is not possible.
    pub const fn from_state(self, state: BreachState) -> Option<BreachState> {
        use BreachState::{Arrested, Charged, Decided, PutOut, Undecided, Withdrawn};
        match (self, state) {
            (Self::Decide, Undecided | Decided) => Some(Decided),
            // Who is looked for already goes on being looked for, only sooner or later.
            (Self::Decide, PutOut) | (Self::PutOut, Decided) => Some(PutOut),
            (Self::Arrest, Decided | PutOut) => Some(Arrested),
            (Self::Charge, Arrested) => Some(Charged),
            (Self::DrugRehabilitationRequirement, Arrested | Charged) => {
                Some(BreachState::DrugRehabilitationRequirement)
            }
            (Self::Withdraw, Undecided | Decided | PutOut | Arrested) => Some(Withdrawn),
            _ => None,
        }
    }

    /// The steps that are possible from this state.
    pub fn possible(state: BreachState) -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(move |transition| transition.from_state(state).is_some())
    }
}

/// The next version of a breach after a step.
///
/// # Errors
/// [`InvalidBreachStep`]; then nothing has changed.
pub fn apply(
    record: &BreachRecord,
    transition: BreachTransition,
    step: &BreachStep,
    taking: &Taking,
) -> Result<BreachRecord, InvalidBreachStep> {
    let to = transition.from_state(record.state).ok_or(InvalidBreachStep::NotFrom(record.state))?;
    takes_no_other(transition, step)?;
    let mut next = record.clone();
    match transition {
        BreachTransition::Decide => next.decisions.push(Decision {
            colour: step.colour.ok_or(missing("colour"))?,
            by: step.decided_by.clone().unwrap_or_else(|| taking.by.clone()),
            risk_to_self: step.risk_to_self.clone().ok_or(missing("risk_to_self"))?,
            risk_to_others: step.risk_to_others.clone().ok_or(missing("risk_to_others"))?,
            at: taking.now,
        }),
        BreachTransition::PutOut => {
            next.put_out_at = Some(moment(record, step, taking)?);
            next.task_reference = step.task_reference.clone();
        }
        BreachTransition::Arrest => next.arrested_at = Some(moment(record, step, taking)?),
        BreachTransition::Withdraw => {
            next.withdrawn_because = Some(step.reason.ok_or(missing("reason"))?);
        }
        BreachTransition::Charge | BreachTransition::DrugRehabilitationRequirement => {}
    }
    next.version = next.version.saturating_add(1);
    next.state = to;
    Ok(next)
}

/// The time of a step: not before the breach, and not in the future.
fn moment(record: &BreachRecord, step: &BreachStep, taking: &Taking) -> Result<Minute, InvalidBreachStep> {
    let at = step.at.ok_or(missing("at"))?;
    if at > taking.minute {
        return Err(guard("at", "must not lie in the future"));
    }
    if at < record.failed_at {
        return Err(guard("at", "must not lie before the breach"));
    }
    Ok(at)
}

fn takes_no_other(transition: BreachTransition, step: &BreachStep) -> Result<(), InvalidBreachStep> {
    use BreachTransition::{Arrest, Decide, PutOut, Withdraw};
    let given = [
        ("colour", step.colour.is_some(), &[Decide][..]),
        ("decided_by", step.decided_by.is_some(), &[Decide]),
        ("risk_to_self", step.risk_to_self.is_some(), &[Decide]),
        ("risk_to_others", step.risk_to_others.is_some(), &[Decide]),
        ("at", step.at.is_some(), &[PutOut, Arrest]),
        ("task_reference", step.task_reference.is_some(), &[PutOut]),
        ("reason", step.reason.is_some(), &[Withdraw]),
    ];
    match given.into_iter().find(|(_, is_given, of)| *is_given && !of.contains(&transition)) {
        Some((field, ..)) => Err(guard(field, "does not go with this step")),
        None => Ok(()),
    }
}

const fn missing(field: &'static str) -> InvalidBreachStep {
    guard(field, "is required")
}

const fn guard(field: &'static str, rule: &'static str) -> InvalidBreachStep {
    InvalidBreachStep::Guard(FieldFault { field, rule })
}

/// What was missed, where it is a breach; otherwise every code that stands against it.
///
/// # Errors
/// Nothing was missed, there was a good cause, no notice in force told of it, the service took it back, a condition of bail put an
/// end to the requirement, or the person died.
pub fn missed(
    assessment: &AssessmentRecord,
    appointment: AppointmentKind,
) -> Result<(Statute, Minute), Vec<&'static str>> {
    let mut against = still_stands(assessment).err().unwrap_or_default();
    let statute = match appointment {
        AppointmentKind::Initial => Some(Statute::Section12),
        AppointmentKind::FollowUp => Some(Statute::Section14),
        AppointmentKind::Additional => None,
    };
    if statute.is_none() || !assessment.is_required() {
        against.push("not-required-by-law");
    }
    let latest = assessment.latest(appointment);
    let failed_at = match latest.map(|latest| (latest, &latest.standing)) {
        Some((_, Standing::Cancelled { reason: CancelReason::CancelledByService })) => {
            against.push("cancelled-by-service");
            None
        }
        Some((_, Standing::Recorded { kept })) if kept.outcome == AttendanceOutcome::GoodCause => {
            against.push("good-cause");
            None
        }
        Some((missed, Standing::Recorded { kept })) if kept.outcome.is_failure() => {
            let never_came = kept.outcome == AttendanceOutcome::DidNotAttend;
            Some(if never_came { missed.at } else { kept.at })
        }
        _ => {
            against.push("nothing-was-missed");
            None
        }
    };
    if latest.is_some_and(|latest| assessment.notice_of(latest).is_none()) {
        against.push("notice-not-served");
    }
    match (statute, failed_at) {
        (Some(statute), Some(failed_at)) if against.is_empty() => Ok((statute, failed_at)),
        _ => Err(against),
    }
}

/// Whether what was required is still to be pursued.
///
/// # Errors
/// The codes of what put an end to it.
pub fn still_stands(assessment: &AssessmentRecord) -> Result<(), Vec<&'static str>> {
    match assessment.ending.as_ref().map(|ending| ending.reason) {
        None => Ok(()),
        Some(EndReason::RestrictionOnBail) => Err(vec!["restriction-on-bail"]),
        Some(EndReason::Withdrawn) => Err(vec!["requirement-withdrawn"]),
        Some(EndReason::Died) => Err(vec!["died"]),
    }
}

#[cfg(test)]
#[path = "states_tests.rs"]
mod tests;
