//! Random walks over an episode, legal and illegal steps mixed: whatever is tried, it never stands where it cannot stand.

use std::sync::Arc;

use jiff::civil::{Date, date};
use jiff::{Timestamp, ToSpan as _};
use proptest::prelude::*;

use super::dues::dues_of;
use super::model::{
    CloseCode, Custody, EpisodeOpened, EpisodeRecord, EpisodeState, EpisodeStep, EpisodeTransition, Part,
    SignificantEvent, SuspendCode,
};
use super::plan::PlanNote;
use super::review::{ReviewMade, ReviewOutcome, ReviewTrigger, Reviewing, reviewed};
use super::scheme::Stage;
use super::states::{InvalidEpisodeStep, Known, Origin, apply};
use crate::calendar::{Calendar, Exceptions, longer_than_a_month, review_due};
use crate::id::{PersonId, RecordId};
use crate::vocabulary::TaskKind;

const ADMITTED: Date = date(2026, 1, 5);

/// What is tried next, so many days after the last.
#[derive(Debug, Clone)]
enum Try {
    Step(EpisodeTransition, EpisodeStep, bool),
    Review(bool, bool, bool),
    Plan(bool),
}

fn code<T: Copy + std::fmt::Debug + 'static>(all: &'static [T]) -> impl Strategy<Value = T> {
    proptest::sample::select(all)
}

fn custody() -> impl Strategy<Value = Custody> {
    (0_i32..200, 1_i32..60).prop_map(|(from, days)| Custody {
        received_on: ADMITTED.saturating_add(from.days()),
        release_expected_on: ADMITTED.saturating_add((from + days).days()),
        prison: None,
    })
}

/// Mostly with the evidence that the step asks for, and sometimes with another's.
fn step() -> impl Strategy<Value = Try> {
    let rare = || proptest::bool::weighted(0.05);
    let days = proptest::option::weighted(0.3, 0_i32..250);
    (
        code(EpisodeTransition::ALL),
        (code(SuspendCode::ALL), code(CloseCode::ALL), code(SignificantEvent::ALL), code(Stage::ALL)),
        (custody(), any::<bool>(), days),
        (rare(), rare(), any::<bool>()),
    )
        .prop_map(
            |(step, (suspend, close, event, stage), (custody, yes, days), (bare, stray, transfer))| {
                use EpisodeTransition::{
                    Allocate, Close, EnterStage, NoteCourt, NoteCustody, NoteDisengagement, NoteEvent,
                    ReachOut, Suspend,
                };
                let is = |of: EpisodeTransition| step == of && !bare;
                let s1 = is(Suspend) && suspend == SuspendCode::S1;
                let c2 = is(Close) && close == CloseCode::C2;
                let body = EpisodeStep {
                    on: days.map(|days| ADMITTED.saturating_add(days.days())),
                    suspend_code: is(Suspend).then_some(suspend),
                    close_code: is(Close).then_some(close),
                    custody: (is(NoteCustody) || ((s1 || c2) && yes) || stray).then_some(custody.clone()),
                    requirement_made_on: (is(Suspend) && suspend == SuspendCode::S2).then_some(ADMITTED),
                    event: is(NoteEvent).then_some(event),
                    offending_stopped: is(NoteDisengagement).then_some(yes),
                    reached: is(ReachOut).then_some(yes),
                    case_manager: is(Allocate).then(|| "testa-rowan".parse().unwrap()),
                    court_on: is(NoteCourt).then_some(custody.release_expected_on),
                    stage: is(EnterStage).then_some(stage),
                };
                Try::Step(step, body, transfer)
            },
        )
}

fn attempt() -> impl Strategy<Value = (i32, Try)> {
    let review = any::<(bool, bool, bool)>()
        .prop_map(|(class_a, offending, prison)| Try::Review(class_a, offending, prison));
    let tried = prop_oneof![8 => step(), 1 => review, 1 => any::<bool>().prop_map(Try::Plan)];
    (0_i32..20, tried)
}

fn opened() -> EpisodeRecord {
    let opened = EpisodeOpened { admitted_on: ADMITTED, state: EpisodeState::Identified, case_manager: None };
    opened.into_record(Origin {
        id: RecordId::random(),
        person: PersonId::random(),
        agency: "northmoor-cjit".parse().unwrap(),
        opened_by: "testa-rowan".parse().unwrap(),
        recorded_at: moment(ADMITTED),
        part: Part::ProvisionalLead,
        provisional: false,
    })
}

fn moment(day: Date) -> Timestamp {
    Calendar::england_and_wales(Exceptions::default()).unwrap().moment(day, jiff::civil::time(12, 0, 0, 0))
}

/// What holds of every episode, however it came to stand where it stands.
fn is_possible(episode: &EpisodeRecord, calendar: &Calendar) -> Result<(), TestCaseError> {
    let closed = episode.state == EpisodeState::Closed;
    prop_assert_eq!(closed, episode.close_code.is_some());
    prop_assert_eq!(closed, EpisodeTransition::possible(episode).next().is_none());
    let has_review = !closed && episode.state != EpisodeState::Suspended;
    prop_assert_eq!(has_review, episode.review_due.is_some());
    let resumed = episode.noted(EpisodeTransition::Resume).filter_map(|taken| taken.on).max();
    let reviewed = episode.reviews.iter().map(|review| review.on).max();
    let since = [Some(ADMITTED), resumed, reviewed].into_iter().flatten().max().unwrap();
    prop_assert!(episode.review_due.is_none_or(|due| due <= review_due(since)), "no review is put off");

    let dues = dues_of(episode, calendar);
    prop_assert!(!closed || dues.is_empty(), "nothing is left to be done about a closed episode");
    prop_assert_eq!(has_review, dues.iter().any(|due| due.kind == TaskKind::ReviewCarePlan));
    prop_assert!(dues.iter().all(|due| due.remind_at <= due.due_at));
    for kind in TaskKind::ALL {
        prop_assert!(dues.iter().filter(|due| due.kind == *kind).count() < 2);
    }
    if let Some(away) = episode.disengaged.filter(|away| away.outreach_awaited && !closed) {
        let outreach = dues.iter().find(|due| due.kind == TaskKind::ReachOut).map(|due| due.due_at);
        prop_assert_eq!(outreach, Some(away.noted_at + 24.hours()));
    }
    let has = |kind| dues.iter().any(|due| due.kind == kind);
    let bail = episode.bail.as_ref().filter(|_| !closed);
    prop_assert_eq!(has(TaskKind::EndStage), episode.stage.is_some() && !closed);
    prop_assert_eq!(has(TaskKind::RemindOfCourt), bail.is_some_and(|bail| bail.awaits_reminder()));
    prop_assert_eq!(has(TaskKind::KeepBailAppointments), bail.is_some_and(|bail| bail.awaits_appointments()));
    for bail in episode.bail.iter() {
        let until = bail.until();
        prop_assert!(
            bail.kept_on.len() < 3
                && bail.kept_on.iter().all(|on| bail.extended_on <= Some(*on) && Some(*on) <= until)
        );
    }
    if episode.suspended_for() == Some(SuspendCode::S1) {
        prop_assert!(episode.stay.is_some());
        let held = episode.in_custody().is_some();
        prop_assert_eq!(held, dues.iter().any(|due| due.kind == TaskKind::CustodyMonth));
    }
    Ok(())
}

/// What must have gone before a closure, read off the steps that were taken, not off the guards.
fn was_earned(before: &EpisodeRecord, code: CloseCode, transfer: bool) -> Result<(), TestCaseError> {
    let has = |step| before.noted(step).next().is_some();
    match code {
        CloseCode::C1 | CloseCode::C6 => {}
        CloseCode::C2 => {}
        CloseCode::C3 => {
            prop_assert!(before.suspensions.contains(&SuspendCode::S1) && has(EpisodeTransition::ReachOut));
        }
        CloseCode::C4 => {
            prop_assert!(before.suspensions.contains(&SuspendCode::S2) && has(EpisodeTransition::ReachOut));
        }
        CloseCode::C5 => prop_assert!(transfer),
        CloseCode::C7 | CloseCode::C8 => {
            let last = before.reviews.last().map(|review| (review.class_a, review.offending));
            prop_assert_eq!(last, Some((code == CloseCode::C7, code == CloseCode::C8)));
        }
        CloseCode::C9 => {
            prop_assert!(before.disengaged.is_some());
            for step in
                [EpisodeTransition::SetExpectations, EpisodeTransition::ReachOut, EpisodeTransition::Warn]
            {
                prop_assert!(has(step), "{step}");
            }
        }
    }
    Ok(())
}

crate::domain::walks!(Episode);

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]
    #[test]
    fn no_walk_reaches_an_impossible_state(walk in proptest::collection::vec(attempt(), 1..60)) {
        let calendar = Arc::new(Calendar::england_and_wales(Exceptions::default()).unwrap());
        let mut today = ADMITTED;
        let mut episode = opened();
        is_possible(&episode, &calendar)?;
        for (days, tried) in walk {
            today = today.saturating_add(days.days());
            let by = "testa-rowan".parse().unwrap();
            let next = match &tried {
                Try::Step(transition, step, transfer_accepted) => {
                    let known = Known {
                        transfer_accepted: *transfer_accepted, nobody_leads: false, provisional: false,
                        by, now: moment(today), calendar: calendar.clone(),
                    };
                    let next = apply(&episode, *transition, step, &known);
                    match &next {
                        Err(InvalidEpisodeStep::NotFromHere) => {
                            prop_assert!(!EpisodeTransition::possible(&episode).any(|step| step == *transition));
                        }
                        Err(InvalidEpisodeStep::Guard(_)) => {}
                        Ok(next) => {
                            prop_assert_eq!(Some(next.state), transition.from_state(episode.state));
                            prop_assert_eq!(next.steps.len(), episode.steps.len() + 1);
                            if let (EpisodeTransition::Close, Some(code)) = (transition, step.close_code) {
                                was_earned(&episode, code, *transfer_accepted)?;
                            }
                            if step.suspend_code == Some(SuspendCode::S1) {
                                let stay = next.in_custody().unwrap();
                                let until = stay.custody.release_expected_on;
                                prop_assert!(!longer_than_a_month(stay.custody.received_on, until));
                            }
                        }
                    }
                    next.ok()
                }
                Try::Review(class_a, offending, prison) => {
                    let made = ReviewMade {
                        on: None, trigger: ReviewTrigger::SixteenWeeks, event: None, class_a: *class_a,
                        offending: *offending, prison: *prison, outcome: None, outcome_reason: None,
                        person_took_part: false,
                    };
                    let next = reviewed(&episode, &made, &Reviewing { by, at: moment(today), today }).ok();
                    let found = next.as_ref().and_then(|next| next.reviews.last()).map(|review| review.outcome);
                    prop_assert!(found.is_none_or(|found| found == ReviewOutcome::of(*class_a, *offending, *prison)));
                    next
                }
                Try::Plan(agreed) => {
                    let number = episode.plan.map_or(1, |plan| plan.number + 1);
                    let plan = Some(PlanNote { number, dated_on: today, agreed: *agreed });
                    episode.is_open().then(|| EpisodeRecord { plan, version: episode.version + 1, ..episode.clone() })
                }
            };
            if let Some(next) = next {
                prop_assert!(episode.is_open(), "nothing leaves closed");
                prop_assert_eq!(next.version, episode.version + 1, "one change, one version");
                episode = next;
            }
            is_possible(&episode, &calendar)?;
        }
    }
}
