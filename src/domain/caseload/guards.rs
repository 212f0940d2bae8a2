//! The guards of an episode's steps: no suspension and no closure without what the handbook asks for, on record, before.

use jiff::civil::Date;

use super::model::{
    CloseCode, Custody, EpisodeRecord, EpisodeStep, EpisodeTransition, StepTaken, SuspendCode,
};
use super::states::InvalidEpisodeStep;
use crate::domain::fault::FieldFault;

/// Makes sure that a step brings no evidence along that is another's.
pub(super) fn takes(transition: EpisodeTransition, step: &EpisodeStep) -> Result<(), InvalidEpisodeStep> {
    use EpisodeTransition::{
        Allocate, Close, EnterStage, NoteCourt, NoteCustody, NoteDisengagement, NoteEvent, ReachOut, Suspend,
    };
    let is = |of: &[EpisodeTransition]| of.contains(&transition);
    let s2 = step.suspend_code == Some(SuspendCode::S2);
    let c2 = step.close_code == Some(CloseCode::C2);
    let custody = is(&[NoteCustody]) || (is(&[Suspend]) && !s2) || (is(&[Close]) && c2);
    for (given, taken, field) in [
        (step.suspend_code.is_some(), is(&[Suspend]), "suspend_code"),
        (step.close_code.is_some(), is(&[Close]), "close_code"),
        (step.custody.is_some(), custody, "custody"),
        (step.requirement_made_on.is_some(), is(&[Suspend]) && s2, "requirement_made_on"),
        (step.event.is_some(), is(&[NoteEvent]), "event"),
        (step.offending_stopped.is_some(), is(&[NoteDisengagement]), "offending_stopped"),
        (step.reached.is_some(), is(&[ReachOut]), "reached"),
        (step.case_manager.is_some(), is(&[Allocate]), "case_manager"),
        (step.court_on.is_some(), is(&[NoteCourt]), "court_on"),
        (step.stage.is_some(), is(&[EnterStage]), "stage"),
    ] {
        require(taken || !given, field, "is not taken by this step")?;
    }
    Ok(())
}

pub(super) fn guard_custody(custody: &Custody, on: Date) -> Result<(), InvalidEpisodeStep> {
    let Custody { received_on, release_expected_on, .. } = custody;
    require(received_on <= release_expected_on, "custody", "must not end before it begins")?;
    require(*received_on <= on, "custody", "must have begun")
}

/// Whether the episode, with the stay in prison that is known by now, may be suspended for this.
pub(super) fn guard_suspension(
    code: SuspendCode,
    next: &EpisodeRecord,
    step: &EpisodeStep,
    on: Date,
) -> Result<(), InvalidEpisodeStep> {
    match code {
        SuspendCode::S1 => {
            let stay = next.in_custody().ok_or(missing("custody"))?;
            let short = !stay.is_longer_than_a_month(on);
            require(short, "custody", "S1 is for at most one month; close with C2")
        }
        SuspendCode::S2 => {
            let made = step.requirement_made_on.is_some_and(|day| day <= on);
            require(made, "requirement_made_on", "required for S2, and not in the future")
        }
    }
}

/// Whether the episode may be closed for this. What happened before must be on record: nobody's word at the end stands for it.
pub(super) fn guard_closure(
    record: &EpisodeRecord,
    code: CloseCode,
    transfer_accepted: bool,
    on: Date,
) -> Result<(), InvalidEpisodeStep> {
    match code {
        CloseCode::C1 | CloseCode::C6 => Ok(()),
        CloseCode::C2 => {
            // A stay that is over counts where the episode is suspended for it: it was to be closed meanwhile.
            let suspended = record.suspended_for() == Some(SuspendCode::S1);
            let stay = record.stay.as_ref().filter(|stay| suspended || stay.released_on.is_none());
            let long = stay.ok_or(missing("custody"))?.is_longer_than_a_month(on);
            require(long, "custody", "C2 is for more than one month; suspend with S1")
        }
        CloseCode::C3 => not_re_engaged(record, SuspendCode::S1, on),
        CloseCode::C4 => not_re_engaged(record, SuspendCode::S2, on),
        CloseCode::C5 => require(transfer_accepted, "close_code", "C5 needs an accepted transfer"),
        CloseCode::C7 => {
            let found = record.reviews.last().is_some_and(|review| review.class_a && !review.offending);
            require(found, "review", "C7 needs a review that found Class A misuse and no offending")
        }
        CloseCode::C8 => {
            let found = record.reviews.last().is_some_and(|review| !review.class_a && review.offending);
            require(found, "review", "C8 needs a review that found offending and no Class A misuse")
        }
        CloseCode::C9 => disengaged_for_good(record, on),
    }
}

/// C3 and C4: a suspension of its kind, and after it an active attempt; after a stay in prison, when that was over.
fn not_re_engaged(
    record: &EpisodeRecord,
    suspension: SuspendCode,
    on: Date,
) -> Result<(), InvalidEpisodeStep> {
    let suspended = |(step, taken): &(EpisodeTransition, StepTaken)| {
        *step == EpisodeTransition::Suspend && taken.suspend_code == Some(suspension)
    };
    let place = record.steps.iter().rposition(suspended);
    let place = place.ok_or(InvalidEpisodeStep::Guard(FieldFault {
        field: "close_code",
        rule: "needs a prior suspension of its kind",
    }))?;
    let mut since = Date::MIN;
    if suspension == SuspendCode::S1 {
        let stay = record.stay.as_ref().ok_or(missing("custody"))?;
        let short = !stay.is_longer_than_a_month(on);
        require(short, "close_code", "the stay in prison was longer than one month; close with C2")?;
        since = stay.released_on.unwrap_or(stay.custody.release_expected_on);
    }
    let tried = record
        .steps
        .iter()
        .skip(place)
        .any(|(step, taken)| *step == EpisodeTransition::ReachOut && within(taken, since, on));
    require(tried, "reach_out", "an active attempt to re-engage the person must be on record first")
}

/// C9: expectations were set, the person stays away, was looked for and warned.
fn disengaged_for_good(record: &EpisodeRecord, on: Date) -> Result<(), InvalidEpisodeStep> {
    let disengaged = record.disengaged.ok_or(InvalidEpisodeStep::Guard(FieldFault {
        field: "disengagement",
        rule: "must be on record first",
    }))?;
    let noted = |step, since| record.noted(step).any(|taken| within(taken, since, on));
    let told = noted(EpisodeTransition::SetExpectations, Date::MIN);
    require(told, "expectations", "what is expected must have been said to the person, on record")?;
    let tried = noted(EpisodeTransition::ReachOut, disengaged.on);
    require(tried, "reach_out", "somebody must have gone after the person, on record")?;
    let warned = noted(EpisodeTransition::Warn, disengaged.on);
    require(warned, "warning", "the person must have been warned, on record")
}

fn within(taken: &StepTaken, since: Date, until: Date) -> bool {
    taken.on.is_some_and(|on| since <= on && on <= until)
}

pub(super) const fn require(
    holds: bool,
    field: &'static str,
    rule: &'static str,
) -> Result<(), InvalidEpisodeStep> {
    if holds { Ok(()) } else { Err(InvalidEpisodeStep::Guard(FieldFault { field, rule })) }
}

pub(super) const fn missing(field: &'static str) -> InvalidEpisodeStep {
    InvalidEpisodeStep::Guard(FieldFault { field, rule: "required for this step" })
}
