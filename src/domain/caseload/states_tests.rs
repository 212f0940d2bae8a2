//! The guards of every code by which an episode is suspended or closed.

use jiff::civil::date;

use super::*;
use crate::domain::caseload::model::{Custody, Part};

fn today() -> Date {
    date(2026, 6, 10)
}

fn known() -> Known {
    Known { transfer_accepted: false, nobody_leads: false, provisional: false, today: today() }
}

fn active() -> EpisodeRecord {
    let opened =
        EpisodeOpened { admitted_on: date(2026, 1, 5), state: EpisodeState::Active, case_manager: None };
    assert_eq!(opened.check(today()), Ok(()));
    opened.into_record(Origin {
        id: RecordId::random(),
        person: PersonId::random(),
        agency: "northmoor-cjit".parse().unwrap(),
        opened_by: "worker-one".parse().unwrap(),
        recorded_at: "2026-01-05T10:00:00Z".parse().unwrap(),
        part: Part::ProvisionalLead,
        provisional: false,
    })
}

fn take(
    record: &EpisodeRecord,
    transition: EpisodeTransition,
    step: EpisodeStep,
) -> Result<EpisodeRecord, InvalidEpisodeStep> {
    apply(record, transition, &step, &known())
}

fn close(
    record: &EpisodeRecord,
    code: CloseCode,
    step: EpisodeStep,
) -> Result<EpisodeRecord, InvalidEpisodeStep> {
    take(record, EpisodeTransition::Close, EpisodeStep { close_code: Some(code), ..step })
}

fn field(result: Result<EpisodeRecord, InvalidEpisodeStep>) -> &'static str {
    match result {
        Err(InvalidEpisodeStep::Guard(fault)) => fault.field,
        other => panic!("no guard held: {other:?}"),
    }
}

fn stay(until: Date) -> Option<Custody> {
    Some(Custody { received_on: date(2026, 5, 14), release_expected_on: until })
}

fn suspended(code: SuspendCode) -> EpisodeRecord {
    let step = EpisodeStep {
        suspend_code: Some(code),
        custody: stay(date(2026, 6, 3)),
        requirement_made_on: Some(date(2026, 5, 14)),
        ..EpisodeStep::default()
    };
    take(&active(), EpisodeTransition::Suspend, step).unwrap()
}

#[test]
fn the_review_is_due_sixteen_weeks_after_admission() {
    assert_eq!(active().review_due, Some(date(2026, 4, 27)));
}

#[test]
fn twenty_days_in_prison_suspend_and_more_than_a_month_closes() {
    assert_eq!(suspended(SuspendCode::S1).state, EpisodeState::Suspended);
    let long = EpisodeStep { custody: stay(date(2026, 6, 15)), ..EpisodeStep::default() };
    let too_long = EpisodeStep { suspend_code: Some(SuspendCode::S1), ..long.clone() };
    assert_eq!(field(take(&active(), EpisodeTransition::Suspend, too_long)), "custody");
    assert_eq!(close(&suspended(SuspendCode::S1), CloseCode::C2, long).unwrap().state, EpisodeState::Closed);
    let short = EpisodeStep { custody: stay(date(2026, 6, 14)), ..EpisodeStep::default() };
    assert_eq!(field(close(&active(), CloseCode::C2, short)), "custody");
}

#[test]
fn not_re_engaging_needs_its_suspension_and_an_attempt() {
    let tried = EpisodeStep { re_engagement_attempted_on: Some(date(2026, 6, 9)), ..EpisodeStep::default() };
    for (code, suspension, other) in
        [(CloseCode::C3, SuspendCode::S1, SuspendCode::S2), (CloseCode::C4, SuspendCode::S2, SuspendCode::S1)]
    {
        assert!(close(&suspended(suspension), code, tried.clone()).is_ok());
        assert_eq!(field(close(&suspended(other), code, tried.clone())), "close_code");
        let untried = close(&suspended(suspension), code, EpisodeStep::default());
        assert_eq!(field(untried), "re_engagement_attempted_on");
    }
}

#[test]
fn closing_by_disengagement_without_a_warning_is_blocked() {
    let mut step = EpisodeStep {
        expectations_set_on: Some(date(2026, 1, 5)),
        outreach_on: Some(date(2026, 6, 8)),
        ..EpisodeStep::default()
    };
    assert_eq!(field(close(&active(), CloseCode::C9, step.clone())), "warned_on");
    step.warned_on = Some(date(2026, 6, 9));
    assert!(close(&active(), CloseCode::C9, step).is_ok());
}

#[test]
fn reviews_and_transfers_decide_their_codes() {
    let review = |class_a, offending| EpisodeStep {
        class_a: Some(class_a),
        offending: Some(offending),
        ..EpisodeStep::default()
    };
    assert!(close(&active(), CloseCode::C7, review(true, false)).is_ok());
    assert_eq!(field(close(&active(), CloseCode::C7, review(true, true))), "close_code");
    assert!(close(&active(), CloseCode::C8, review(false, true)).is_ok());
    assert_eq!(field(close(&active(), CloseCode::C8, EpisodeStep::default())), "close_code");
    let transfer = EpisodeStep { close_code: Some(CloseCode::C5), ..EpisodeStep::default() };
    let accepted = Known { transfer_accepted: true, ..known() };
    assert!(apply(&active(), EpisodeTransition::Close, &transfer, &accepted).is_ok());
    assert_eq!(field(apply(&active(), EpisodeTransition::Close, &transfer, &known())), "close_code");
}

#[test]
fn a_step_lies_between_admission_and_today() {
    for on in [date(2026, 1, 4), date(2026, 6, 11)] {
        let step = EpisodeStep { on: Some(on), ..EpisodeStep::default() };
        assert_eq!(field(close(&active(), CloseCode::C1, step)), "on");
    }
}

#[test]
fn nothing_leaves_closed_and_every_state_is_reachable() {
    let mut reached = vec![EpisodeState::Identified];
    for _ in EpisodeState::ALL {
        for (&step, &state) in
            EpisodeTransition::ALL.iter().flat_map(|s| EpisodeState::ALL.iter().map(move |t| (s, t)))
        {
            if let Some(to) = step.from_state(state).filter(|_| reached.contains(&state)) {
                assert_ne!(state, EpisodeState::Closed);
                reached.push(to);
            }
        }
        reached.sort_unstable();
        reached.dedup();
    }
    assert_eq!(reached, EpisodeState::ALL);
}

#[test]
fn a_resumed_episode_has_a_review_again() {
    let suspended = suspended(SuspendCode::S1);
    assert_eq!(suspended.review_due, None);
    let resumed = take(&suspended, EpisodeTransition::Resume, EpisodeStep::default()).unwrap();
    assert_eq!(resumed.review_due, Some(date(2026, 9, 30)));
}

#[test]
fn a_case_manager_is_allocated_in_any_open_state_and_says_whether_that_is_provisional() {
    let step = EpisodeStep { case_manager: Some("testa-rowan".parse().unwrap()), ..EpisodeStep::default() };
    let late = Known { provisional: true, ..known() };
    let allocated = apply(&active(), EpisodeTransition::Allocate, &step, &late).unwrap();
    assert_eq!((allocated.state, allocated.provisional), (EpisodeState::Active, true));
    assert_eq!(allocated.case_manager, step.case_manager);
    let again = apply(&allocated, EpisodeTransition::Allocate, &step, &known()).unwrap();
    assert!(!again.provisional);
    assert_eq!(field(take(&active(), EpisodeTransition::Allocate, EpisodeStep::default())), "case_manager");
    let closed = close(&active(), CloseCode::C1, EpisodeStep::default()).unwrap();
    assert_eq!(take(&closed, EpisodeTransition::Allocate, step), Err(InvalidEpisodeStep::NotFromHere));
}

#[test]
fn who_contributed_leads_provisionally_once_nobody_else_leads() {
    let contributes = EpisodeRecord { part: Part::Contributor, ..active() };
    let step = EpisodeStep { case_manager: Some("testa-rowan".parse().unwrap()), ..EpisodeStep::default() };
    let part = |nobody_leads| {
        let known = Known { nobody_leads, ..known() };
        apply(&contributes, EpisodeTransition::Allocate, &step, &known).unwrap().part
    };
    assert_eq!((part(false), part(true)), (Part::Contributor, Part::ProvisionalLead));
}
