//! What a release plan says, its steps, and when care counts as having gone on.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::calendar::Exceptions;

fn planned() -> ReleasePlanned {
    serde_json::from_value(serde_json::json!({
        "release_on": "2026-06-03", "gate_at": "10:30:00", "prison": "HMP Fallowgate", "pick_up_wanted": true,
        "last_dose": {"what": "Methadone 45 ml", "at": "2026-06-03T07:30"},
        "bridging_script": {"what": "Methadone 45 ml", "until": "2026-06-05"},
        "first_appointment": {"at": "2026-06-05T10:00", "place": "1 Test Row"},
    }))
    .unwrap()
}

fn plan() -> ReleasePlanRecord {
    planned().into_record("testa-rowan".parse().unwrap(), "2026-05-20T10:00:00Z".parse().unwrap())
}

fn step(plan: &ReleasePlanRecord, step: ReleaseStep, on: Date) -> ReleasePlanRecord {
    let taken = ReleaseStepTaken { on: Some(on), reason: None };
    plan.stepped(step, &taken, date(2026, 7, 30)).unwrap()
}

fn released() -> ReleasePlanRecord {
    step(&plan(), ReleaseStep::NoteRelease, date(2026, 6, 3))
}

#[test]
fn an_appointment_on_the_last_day_of_three_weeks_counts_and_one_a_day_later_does_not() {
    let attended = |on| step(&released(), ReleaseStep::NoteAttended, on).continuity(date(2026, 7, 30));
    assert_eq!(attended(date(2026, 6, 24)), Some(Continuity::WithinThreeWeeks));
    assert_eq!(attended(date(2026, 6, 25)), Some(Continuity::Late));
    assert_eq!(released().continuity(date(2026, 6, 24)), Some(Continuity::Awaited));
    assert_eq!(released().continuity(date(2026, 6, 25)), Some(Continuity::None));
    let early = step(&plan(), ReleaseStep::NoteRelease, date(2026, 6, 1));
    assert_eq!(early.continuity_until(), date(2026, 6, 22), "counted from the day on which the person left");
}

#[test]
fn the_days_of_a_plan_are_in_order() {
    let faults = |change: fn(&mut ReleasePlanned)| -> Vec<&'static str> {
        let mut planned = planned();
        change(&mut planned);
        planned.check().err().unwrap_or_default().iter().map(|fault| fault.field).collect()
    };
    assert_eq!(faults(|_| {}), [""; 0]);
    assert_eq!(
        faults(|planned| planned.release_on = date(2026, 6, 6)),
        ["first_appointment", "bridging_script"]
    );
    assert_eq!(faults(|planned| planned.release_on = date(2026, 6, 2)), ["last_dose"]);
    assert_eq!(faults(|planned| planned.urgent_needs = vec![UrgentNeed::Naloxone; 2]), ["urgent_needs"]);
}

#[test]
fn a_missed_appointment_is_followed_by_the_next_one_and_a_cancelled_release_has_a_reason() {
    let missed = step(&released(), ReleaseStep::NoteMissed, date(2026, 6, 5));
    assert_eq!(
        (missed.state, missed.missed_on.as_slice()),
        (ReleaseState::Released, &[date(2026, 6, 5)][..])
    );
    let next = missed.revised(&planned()).unwrap();
    assert_eq!(step(&next, ReleaseStep::NoteAttended, date(2026, 6, 10)).state, ReleaseState::Seen);
    let moved = ReleasePlanned { release_on: date(2026, 6, 4), ..planned() };
    assert!(missed.revised(&moved).is_err(), "nobody is released again on another day");
    let unreasoned = plan().stepped(ReleaseStep::Cancel, &ReleaseStepTaken::default(), date(2026, 6, 1));
    let missing = FieldFault { field: "reason", rule: "goes with `cancel`, and only with it" };
    assert_eq!(unreasoned.err(), Some(InvalidReleaseStep::Fault(missing)));
    let taken = ReleaseStepTaken { on: Some(date(2026, 6, 2)), reason: None };
    assert!(
        released().stepped(ReleaseStep::NoteAttended, &taken, date(2026, 7, 30)).is_err(),
        "before release"
    );
}

#[test]
fn every_state_is_reachable_and_nothing_leaves_what_is_over() {
    let leads = |from| ReleaseStep::ALL.iter().filter_map(move |step| step.from_state(from));
    assert_eq!(
        leads(ReleaseState::Planned).collect::<Vec<_>>(),
        [ReleaseState::Released, ReleaseState::Cancelled]
    );
    assert_eq!(
        leads(ReleaseState::Released).collect::<Vec<_>>(),
        [ReleaseState::Seen, ReleaseState::Released]
    );
    assert_eq!(leads(ReleaseState::Seen).chain(leads(ReleaseState::Cancelled)).count(), 0);
}

#[test]
fn something_is_to_be_done_until_the_person_is_seen_and_then_nothing() {
    let calendar = Calendar::england_and_wales(Exceptions::default()).unwrap();
    let kinds = |plan: &ReleasePlanRecord| -> Vec<TaskKind> {
        plan.dues(&calendar).iter().map(|due| due.kind).collect()
    };
    assert_eq!(kinds(&plan()), [TaskKind::PrepareRelease, TaskKind::SeeAfterRelease]);
    assert_eq!(kinds(&released()), [TaskKind::SeeAfterRelease]);
    assert_eq!(kinds(&step(&released(), ReleaseStep::NoteAttended, date(2026, 6, 5))), []);
    let due = plan().dues(&calendar).pop().unwrap();
    assert_eq!(due.due_at, calendar.end_of(date(2026, 6, 24)));
    assert_eq!(due.remind_at, calendar.end_of(date(2026, 6, 5)), "on the day of the appointment");
}

/// A step, on some day and with or without a reason; `None` revises the plan to another day.
fn attempt() -> impl Strategy<Value = (Option<ReleaseStep>, Option<i32>, bool)> {
    let step = prop::option::weighted(0.8, prop::sample::select(ReleaseStep::ALL));
    (step, prop::option::of(-3_i32..30), prop::bool::weighted(0.3))
}

/// Each step from each state that allows it, and a plan that is made anew.
fn all() -> impl Iterator<Item = String> {
    let from = |state: &ReleaseState| {
        let state = *state;
        let possible = ReleaseStep::ALL.iter().filter(move |step| step.from_state(state).is_some());
        possible.map(move |step| format!("{state} {step}"))
    };
    ReleaseState::ALL.iter().flat_map(from).chain(["planned revised", "released revised"].map(str::to_owned))
}

crate::domain::walks!(ReleasePlan, no_walk_leads_to_a_release_that_cannot_be, all());

proptest! {
    #[test]
    fn no_walk_leads_to_a_release_that_cannot_be(walk in prop::collection::vec((attempt(), 0_i32..12), 1..30)) {
        let mut plan = plan();
        let mut today = date(2026, 5, 25);
        for ((step, days, reasoned), passed) in walk {
            today = today.saturating_add(passed.days());
            let on = days.map(|days| today.saturating_add(days.days()));
            let before = plan.clone();
            let next = match step {
                Some(step) => {
                    let taken = ReleaseStepTaken { on, reason: reasoned.then(|| "moved prison".to_owned()) };
                    let next = before.stepped(step, &taken, today);
                    prop_assert!(next.is_err() || before.possible().any(|possible| possible == step));
                    prop_assert_eq!(
                        matches!(next, Err(InvalidReleaseStep::NotFromHere)),
                        step.from_state(before.state).is_none()
                    );
                    next
                }
                None => before.revised(&ReleasePlanned { release_on: on.unwrap_or(today), ..planned() }),
            };
            if let Ok(next) = next {
                match step {
                    Some(step) => crate::domain::walked::took(format_args!("{} {step}", before.state)),
                    None => crate::domain::walked::took(format_args!("{} revised", before.state)),
                }
                prop_assert!(before.is_open(), "nothing leaves what is over");
                prop_assert!(next != before || step.is_none(), "a step without a trace");
                plan = next;
            }
            let released = matches!(plan.state, ReleaseState::Released | ReleaseState::Seen);
            prop_assert_eq!(plan.released_on.is_some(), released);
            prop_assert_eq!(plan.attended_on.is_some(), plan.state == ReleaseState::Seen);
            prop_assert_eq!(plan.cancelled_because.is_some(), plan.state == ReleaseState::Cancelled);
            let later = plan.missed_on.iter().chain(&plan.attended_on);
            prop_assert!(later.copied().all(|day| plan.released_on <= Some(day) && day <= today));
            prop_assert_eq!(plan.is_open(), plan.possible().next().is_some());
            prop_assert!(before.released_on.is_none() || before.released_on == plan.released_on);
        }
    }
}
