//! The steps of an episode and the guards of every code by which it is suspended or closed.

use jiff::civil::date;

use super::*;
use crate::calendar::Exceptions;
use crate::domain::caseload::model::{CloseCode, Custody, Part, SignificantEvent};
use crate::domain::caseload::plan::PlanNote;
use crate::domain::caseload::review::{ReviewMade, ReviewTrigger, Reviewing, reviewed};

fn known() -> Known {
    Known {
        transfer_accepted: false,
        nobody_leads: false,
        provisional: false,
        by: "worker-one".parse().unwrap(),
        now: "2026-06-10T10:00:00Z".parse().unwrap(),
        calendar: Arc::new(Calendar::england_and_wales(Exceptions::default()).unwrap()),
    }
}

fn today() -> Date {
    date(2026, 6, 10)
}

fn opened_as(state: EpisodeState) -> EpisodeRecord {
    let opened = EpisodeOpened { admitted_on: date(2026, 1, 5), state, case_manager: None };
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

fn active() -> EpisodeRecord {
    opened_as(EpisodeState::Active)
}

fn take(
    record: &EpisodeRecord,
    transition: EpisodeTransition,
    step: EpisodeStep,
) -> Result<EpisodeRecord, InvalidEpisodeStep> {
    apply(record, transition, &step, &known())
}

/// A step that needs nothing but its day.
fn note(record: &EpisodeRecord, transition: EpisodeTransition, on: Date) -> EpisodeRecord {
    take(record, transition, EpisodeStep { on: Some(on), ..EpisodeStep::default() }).unwrap()
}

fn close(record: &EpisodeRecord, code: CloseCode) -> Result<EpisodeRecord, InvalidEpisodeStep> {
    take(record, EpisodeTransition::Close, EpisodeStep { close_code: Some(code), ..EpisodeStep::default() })
}

fn field(result: Result<EpisodeRecord, InvalidEpisodeStep>) -> &'static str {
    match result {
        Err(InvalidEpisodeStep::Guard(fault)) => fault.field,
        other => panic!("no guard held: {other:?}"),
    }
}

fn stay(until: Date) -> EpisodeStep {
    let custody = Custody { received_on: date(2026, 5, 14), release_expected_on: until, prison: None };
    EpisodeStep { custody: Some(custody), ..EpisodeStep::default() }
}

fn suspended(code: SuspendCode) -> EpisodeRecord {
    let step = match code {
        SuspendCode::S1 => stay(date(2026, 6, 3)),
        SuspendCode::S2 => {
            EpisodeStep { requirement_made_on: Some(date(2026, 5, 14)), ..EpisodeStep::default() }
        }
    };
    take(&active(), EpisodeTransition::Suspend, EpisodeStep { suspend_code: Some(code), ..step }).unwrap()
}

fn tried(record: &EpisodeRecord, on: Date) -> EpisodeRecord {
    let step = EpisodeStep { on: Some(on), reached: Some(false), ..EpisodeStep::default() };
    take(record, EpisodeTransition::ReachOut, step).unwrap()
}

fn away(record: &EpisodeRecord, on: Date) -> EpisodeRecord {
    let step = EpisodeStep { on: Some(on), offending_stopped: Some(false), ..EpisodeStep::default() };
    take(record, EpisodeTransition::NoteDisengagement, step).unwrap()
}

#[test]
fn the_review_is_due_sixteen_weeks_after_admission_and_soon_after_a_significant_event() {
    assert_eq!(active().review_due, Some(date(2026, 4, 27)));
    let event = |on| {
        let event = Some(SignificantEvent::Employment);
        let step = EpisodeStep { on: Some(on), event, ..EpisodeStep::default() };
        take(&active(), EpisodeTransition::NoteEvent, step).unwrap().review_due
    };
    assert_eq!(event(date(2026, 3, 3)), Some(date(2026, 3, 10)), "five working days on");
    assert_eq!(event(date(2026, 5, 20)), Some(date(2026, 4, 27)), "never later than it was");
    assert_eq!(field(take(&active(), EpisodeTransition::NoteEvent, EpisodeStep::default())), "event");
}

#[test]
fn twenty_days_in_prison_suspend_and_more_than_a_month_closes() {
    assert_eq!(suspended(SuspendCode::S1).state, EpisodeState::Suspended);
    let long = stay(date(2026, 6, 15));
    let too_long = EpisodeStep { suspend_code: Some(SuspendCode::S1), ..long.clone() };
    assert_eq!(field(take(&active(), EpisodeTransition::Suspend, too_long)), "custody");
    let longer = take(&suspended(SuspendCode::S1), EpisodeTransition::NoteCustody, long).unwrap();
    assert_eq!(close(&longer, CloseCode::C2).unwrap().state, EpisodeState::Closed);
    assert_eq!(field(close(&suspended(SuspendCode::S1), CloseCode::C2)), "custody");
    assert_eq!(field(close(&active(), CloseCode::C2)), "custody");
}

#[test]
fn who_stayed_longer_than_a_month_is_not_resumed_but_closed() {
    let late = Known { now: "2026-06-20T10:00:00Z".parse().unwrap(), ..known() };
    let step = EpisodeStep::default();
    let resume = apply(&suspended(SuspendCode::S1), EpisodeTransition::Resume, &step, &late);
    assert_eq!(field(resume), "on");
    let released = apply(&suspended(SuspendCode::S1), EpisodeTransition::NoteRelease, &step, &late).unwrap();
    let c2 = EpisodeStep { close_code: Some(CloseCode::C2), ..EpisodeStep::default() };
    assert!(apply(&released, EpisodeTransition::Close, &c2, &late).is_ok(), "there is a way on");
}

#[test]
fn not_re_engaging_needs_its_suspension_and_an_attempt_on_record_after_it() {
    for (code, suspension, other) in
        [(CloseCode::C3, SuspendCode::S1, SuspendCode::S2), (CloseCode::C4, SuspendCode::S2, SuspendCode::S1)]
    {
        assert!(close(&tried(&suspended(suspension), date(2026, 6, 9)), code).is_ok());
        assert_eq!(field(close(&tried(&suspended(other), date(2026, 6, 9)), code)), "close_code");
        assert_eq!(field(close(&suspended(suspension), code)), "reach_out");
    }
    let in_prison = tried(&suspended(SuspendCode::S1), date(2026, 5, 20));
    assert_eq!(field(close(&in_prison, CloseCode::C3)), "reach_out", "nobody can come who is in prison");
    let before = tried(&active(), date(2026, 6, 9));
    let step = EpisodeStep { suspend_code: Some(SuspendCode::S1), ..stay(date(2026, 6, 3)) };
    let then = take(&before, EpisodeTransition::Suspend, step).unwrap();
    assert_eq!(field(close(&then, CloseCode::C3)), "reach_out");
}

#[test]
fn closing_by_disengagement_needs_each_of_what_went_before() {
    let told = note(&active(), EpisodeTransition::SetExpectations, date(2026, 1, 5));
    assert_eq!(field(close(&told, CloseCode::C9)), "disengagement");
    assert_eq!(field(close(&away(&active(), date(2026, 6, 1)), CloseCode::C9)), "expectations");
    let gone = away(&told, date(2026, 6, 1));
    assert_eq!(field(close(&gone, CloseCode::C9)), "reach_out");
    let sought = tried(&gone, date(2026, 6, 2));
    assert_eq!(field(close(&sought, CloseCode::C9)), "warning");
    let warned = note(&sought, EpisodeTransition::Warn, date(2026, 6, 9));
    assert!(close(&warned, CloseCode::C9).is_ok());
    let back = note(&warned, EpisodeTransition::ReEngage, today());
    assert_eq!(field(close(&back, CloseCode::C9)), "disengagement");
    let again = away(&back, today());
    assert_eq!(
        field(close(&again, CloseCode::C9)),
        "reach_out",
        "what was done the last time does not count"
    );
}

#[test]
fn reviews_and_transfers_decide_their_codes() {
    let found = |class_a, offending| {
        let made = ReviewMade {
            on: None,
            trigger: ReviewTrigger::SixteenWeeks,
            event: None,
            class_a,
            offending,
            prison: false,
            outcome: None,
            outcome_reason: None,
            person_took_part: true,
        };
        let Known { by, now, .. } = known();
        reviewed(&active(), &made, &Reviewing { by, at: now, today: today() }).unwrap()
    };
    assert!(close(&found(true, false), CloseCode::C7).is_ok());
    assert_eq!(field(close(&found(true, true), CloseCode::C7)), "review");
    assert!(close(&found(false, true), CloseCode::C8).is_ok());
    assert_eq!(field(close(&active(), CloseCode::C8)), "review");
    let transfer = EpisodeStep { close_code: Some(CloseCode::C5), ..EpisodeStep::default() };
    let accepted = Known { transfer_accepted: true, ..known() };
    assert!(apply(&active(), EpisodeTransition::Close, &transfer, &accepted).is_ok());
    assert_eq!(field(apply(&active(), EpisodeTransition::Close, &transfer, &known())), "close_code");
}

#[test]
fn a_plan_is_agreed_before_the_person_is_care_planned() {
    let assessed = opened_as(EpisodeState::Assessed);
    let planned = |agreed| {
        let plan = Some(PlanNote { number: 1, dated_on: today(), agreed });
        take(&EpisodeRecord { plan, ..assessed.clone() }, EpisodeTransition::Plan, EpisodeStep::default())
    };
    assert_eq!(field(take(&assessed, EpisodeTransition::Plan, EpisodeStep::default())), "care_plan");
    assert_eq!(field(planned(false)), "care_plan");
    assert_eq!(planned(true).unwrap().state, EpisodeState::CarePlanned);
}

#[test]
fn a_step_lies_between_admission_and_today_and_takes_no_evidence_of_another() {
    for on in [date(2026, 1, 4), date(2026, 6, 11)] {
        let step = EpisodeStep { on: Some(on), close_code: Some(CloseCode::C1), ..EpisodeStep::default() };
        assert_eq!(field(take(&active(), EpisodeTransition::Close, step)), "on");
    }
    let reached = EpisodeStep { reached: Some(true), ..EpisodeStep::default() };
    assert_eq!(field(take(&active(), EpisodeTransition::SetExpectations, reached)), "reached");
    let c1 = EpisodeStep { close_code: Some(CloseCode::C1), ..stay(date(2026, 6, 3)) };
    assert_eq!(field(take(&active(), EpisodeTransition::Close, c1)), "custody");
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
fn what_is_possible_follows_from_where_the_episode_stands() {
    let possible = |record: &EpisodeRecord| EpisodeTransition::possible(record).collect::<Vec<_>>();
    assert!(!possible(&active()).contains(&EpisodeTransition::ReEngage), "who is there cannot come back");
    let gone = possible(&away(&active(), today()));
    assert!(gone.contains(&EpisodeTransition::ReEngage) && gone.contains(&EpisodeTransition::Warn));
    assert!(!gone.contains(&EpisodeTransition::NoteDisengagement));
    assert!(possible(&suspended(SuspendCode::S1)).contains(&EpisodeTransition::NoteRelease));
    assert_eq!(possible(&close(&active(), CloseCode::C1).unwrap()), []);
}

#[test]
fn a_resumed_episode_has_a_review_again_and_the_person_has_left_prison() {
    let suspended = suspended(SuspendCode::S1);
    assert_eq!(suspended.review_due, None);
    let resumed = note(&suspended, EpisodeTransition::Resume, today());
    assert_eq!(resumed.review_due, Some(date(2026, 9, 30)));
    assert_eq!(resumed.stay.unwrap().released_on, Some(today()));
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
    let closed = close(&active(), CloseCode::C1).unwrap();
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

#[test]
fn an_episode_of_before_these_steps_can_still_be_read() {
    let mut stored = serde_json::to_value(suspended(SuspendCode::S1)).unwrap();
    let members = stored.as_object_mut().unwrap();
    for new in ["stay", "disengaged", "plan", "reviews"] {
        members.remove(new);
    }
    let old_step = serde_json::json!({"on": "2026-05-14", "suspend_code": "S1", "close_code": null,
        "custody": {"received_on": "2026-05-14", "release_expected_on": "2026-06-03"}, "requirement_made_on": null,
        "re_engagement_attempted_on": null, "class_a": null, "case_manager": null});
    members.insert("steps".to_owned(), serde_json::json!([["suspend", old_step]]));
    let read: EpisodeRecord = serde_json::from_value(stored).unwrap();
    assert_eq!((read.state, read.suspended_for()), (EpisodeState::Suspended, Some(SuspendCode::S1)));
    assert_eq!(note(&read, EpisodeTransition::Resume, today()).state, EpisodeState::Active);
}
