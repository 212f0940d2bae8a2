//! The steps of a script, looked at from every state, and along random walks.

use jiff::ToSpan as _;
use jiff::civil::date;
use proptest::prelude::*;

use super::*;
use crate::domain::prescribing::codes::{Collection, DoseBand, Drug};
use crate::domain::prescribing::script::{ScriptOpened, ScriptOrigin};
use crate::id::{PersonId, RecordId};

fn today() -> Date {
    date(2026, 6, 10)
}

fn opened(started_on: Option<Date>) -> ScriptOpened {
    ScriptOpened {
        drug: Drug::Methadone,
        dose_band: DoseBand::Middle,
        collection: Collection::Daily,
        supervised: true,
        prescriber: None,
        started_on,
        bridge_reference: None,
        clinical_reason: None,
        reason: None,
    }
}

fn script(started_on: Option<Date>) -> ScriptRecord {
    opened(started_on).into_record(ScriptOrigin {
        id: RecordId::random(),
        person: PersonId::random(),
        agency: "northmoor-cjit".parse().unwrap(),
        opened_by: "worker-one".parse().unwrap(),
        recorded_at: "2026-06-01T10:00:00Z".parse().unwrap(),
    })
}

fn on(today: Date, is_beside_another: bool) -> Taking {
    Taking {
        today,
        at: "2026-06-10T10:00:00Z".parse().unwrap(),
        by: Some("worker-one".parse().unwrap()),
        is_beside_another,
        is_new_conflict: false,
        new_reference: BridgeReference::random(),
    }
}

/// What each step needs.
fn body(transition: ScriptTransition, today: Date) -> ScriptStep {
    match transition {
        ScriptTransition::Start | ScriptTransition::Collect | ScriptTransition::Resume => {
            ScriptStep::default()
        }
        ScriptTransition::ChangeDoseBand => {
            ScriptStep { dose_band: Some(DoseBand::Reducing), ..ScriptStep::default() }
        }
        ScriptTransition::AgreeBridge => ScriptStep { until: Some(today), ..ScriptStep::default() },
        ScriptTransition::End => {
            ScriptStep { end_reason: Some(EndReason::Completed), ..ScriptStep::default() }
        }
    }
}

fn reason() -> ScriptStep {
    ScriptStep {
        clinical_reason: Some(ClinicalReason::WithdrawalRisk),
        reason: Some("in withdrawal at the desk".to_owned()),
        ..ScriptStep::default()
    }
}

fn take(record: &ScriptRecord, transition: ScriptTransition) -> Result<ScriptRecord, InvalidScriptStep> {
    apply(record, transition, &body(transition, today()), &on(today(), false))
}

fn field(result: Result<ScriptRecord, InvalidScriptStep>) -> &'static str {
    match result {
        Err(InvalidScriptStep::Guard(fault)) => fault.field,
        other => panic!("no guard held: {other:?}"),
    }
}

/// What holds of every script, whatever was done to it.
fn assert_possible(script: &ScriptRecord) {
    let ScriptRecord { state, started_on, last_collected_on, .. } = script;
    assert_eq!(script.bridging_until.is_some(), *state == ScriptState::Bridging, "{script:?}");
    assert_eq!(script.bridge_offered.is_some(), *state == ScriptState::Bridging, "{script:?}");
    assert_eq!(script.end_reason.is_some(), *state == ScriptState::Ended, "{script:?}");
    assert_eq!(script.ended_on.is_some(), *state == ScriptState::Ended, "{script:?}");
    if script.is_running() {
        assert!(started_on.is_some(), "{script:?}");
    }
    if matches!(state, ScriptState::Proposed | ScriptState::Held) {
        assert!(started_on.is_none() && last_collected_on.is_none(), "{script:?}");
    }
    assert!(last_collected_on.is_none_or(|last| started_on.is_some_and(|start| start <= last)), "{script:?}");
    assert!(script.ended_on.is_none_or(|end| started_on.is_none_or(|start| start <= end)), "{script:?}");
    assert_eq!(usize::try_from(script.version).unwrap(), script.steps.len() + 1);
    let first = if script.steps.is_empty() { *state } else { script.steps.last().unwrap().to };
    assert_eq!(first, *state);
}

#[test]
fn a_script_with_a_first_day_runs_and_one_without_is_planned() {
    assert_eq!(script(Some(today())).state, ScriptState::Active);
    assert_eq!(script(None).state, ScriptState::Proposed);
    let fields = |opened: ScriptOpened| {
        opened.check(today()).unwrap_err().iter().map(|fault| fault.field).collect::<Vec<_>>()
    };
    assert_eq!(opened(Some(today())).check(today()), Ok(()));
    assert_eq!(fields(opened(Some(date(2026, 6, 11)))), ["started_on"]);

    let said = |started_on| ScriptOpened {
        clinical_reason: Some(ClinicalReason::NothingToGoOnWith),
        reason: Some("released on Saturday".to_owned()),
        ..opened(started_on)
    };
    let late = said(Some(date(2026, 6, 9)));
    assert_eq!(late.check(today()), Ok(()));
    assert_eq!(fields(ScriptOpened { reason: None, ..late.clone() }), ["reason"]);
    assert_eq!(fields(ScriptOpened { clinical_reason: None, ..late }), ["clinical_reason"]);
    for not_late in [None, Some(today())] {
        assert_eq!(fields(said(not_late)), ["clinical_reason"], "nothing was given on it yet");
    }
}

#[test]
fn what_the_table_does_not_list_is_refused_and_changes_nothing() {
    for &state in ScriptState::ALL {
        let mut record = script(Some(date(2026, 6, 1)));
        record.state = state;
        for &transition in ScriptTransition::ALL {
            let possible: Vec<_> = ScriptTransition::possible(state).collect();
            match take(&record, transition) {
                Ok(next) => {
                    assert!(possible.contains(&transition));
                    assert_eq!(Some(next.state), transition.from_state(state));
                    assert_eq!(next.version, record.version + 1);
                }
                Err(invalid) => {
                    assert!(!possible.contains(&transition), "{state} {transition}");
                    assert_eq!(invalid, InvalidScriptStep::NotFrom(state));
                }
            }
        }
    }
    assert_eq!(ScriptTransition::possible(ScriptState::Ended).count(), 0);
}

#[test]
fn beside_another_a_planned_one_is_held_and_a_held_one_needs_a_reason() {
    let start = |record: &ScriptRecord, step: &ScriptStep| {
        apply(record, ScriptTransition::Start, step, &on(today(), true))
    };
    let held = start(&script(None), &ScriptStep::default()).unwrap();
    assert_eq!((held.state, held.started_on), (ScriptState::Held, None));
    assert_eq!(start(&held, &ScriptStep::default()), Err(InvalidScriptStep::Beside));
    assert_eq!(field(start(&held, &ScriptStep { reason: None, ..reason() })), "reason");
    assert_eq!(field(start(&held, &ScriptStep { clinical_reason: None, ..reason() })), "clinical_reason");
    let beside_a_new_one = Taking { is_new_conflict: true, ..on(today(), true) };
    let again = apply(&held, ScriptTransition::Start, &ScriptStep::default(), &beside_a_new_one).unwrap();
    assert_eq!((again.state, again.version), (ScriptState::Held, held.version + 1), "there is one to record");
    let started = start(&held, &reason()).unwrap();
    assert_eq!((started.state, started.started_on), (ScriptState::Active, Some(today())));
    assert_eq!(started.steps.last().unwrap().started_despite, Some(ClinicalReason::WithdrawalRisk));
    let free = apply(&held, ScriptTransition::Start, &ScriptStep::default(), &on(today(), false)).unwrap();
    assert_eq!(free.state, ScriptState::Active);
}

#[test]
fn what_two_agree_on_starts_nothing_beside_a_third() {
    let held = ScriptRecord { state: ScriptState::Held, ..script(None) };
    let reference = BridgeReference::random();
    for effect in
        [Effect::GoOn(None), Effect::GoOn(Some(reference.clone())), Effect::Until(today(), reference.clone())]
    {
        let next = settle(&held, &effect, &on(today(), true)).unwrap();
        assert_eq!((next.state, next.started_on), (ScriptState::Held, None), "{effect:?}");
        assert_eq!(next.bridge_taken.is_some(), effect == Effect::GoOn(Some(reference.clone())));
        assert!(settle(&held, &effect, &on(today(), false)).unwrap().is_running());
        assert!(settle(&script(Some(today())), &effect, &on(today(), true)).unwrap().is_running());
    }
    let ended = settle(&held, &Effect::End(EndReason::Duplicate), &on(today(), true)).unwrap();
    assert_eq!(ended.state, ScriptState::Ended);
}

#[test]
fn a_bridge_lasts_a_week_at_most() {
    let running = script(Some(date(2026, 6, 1)));
    let bridge = |until| {
        let step = ScriptStep { until: Some(until), ..ScriptStep::default() };
        apply(&running, ScriptTransition::AgreeBridge, &step, &on(today(), false))
    };
    assert!(bridge(today()).is_ok());
    assert!(bridge(date(2026, 6, 17)).is_ok());
    assert_eq!(field(bridge(date(2026, 6, 18))), "until");
    assert_eq!(field(bridge(date(2026, 6, 9))), "until");
}

#[test]
fn a_step_takes_nothing_that_is_anothers_and_no_day_to_come() {
    let running = script(Some(date(2026, 6, 1)));
    let collect = |step| field(apply(&running, ScriptTransition::Collect, &step, &on(today(), false)));
    assert_eq!(
        collect(ScriptStep { end_reason: Some(EndReason::Died), ..ScriptStep::default() }),
        "end_reason"
    );
    assert_eq!(collect(reason()), "clinical_reason");
    assert_eq!(collect(ScriptStep { on: Some(date(2026, 6, 11)), ..ScriptStep::default() }), "on");
    assert_eq!(collect(ScriptStep { on: Some(date(2026, 5, 31)), ..ScriptStep::default() }), "on");
    let late = take(&running, ScriptTransition::Collect).unwrap();
    let step = ScriptStep { on: Some(date(2026, 6, 9)), ..ScriptStep::default() };
    assert_eq!(field(apply(&late, ScriptTransition::Collect, &step, &on(today(), false))), "on");
}

fn any_day() -> impl Strategy<Value = Option<i64>> {
    prop::option::weighted(0.3, -12i64..12)
}

fn any_step() -> impl Strategy<Value = (ScriptTransition, ScriptStep)> {
    let transition = prop::sample::select(ScriptTransition::ALL);
    // Most steps fit, so that walks get far.
    (transition, prop::bool::weighted(0.8), any::<bool>(), any_day(), any_day()).prop_map(
        |(transition, is_fitting, has_reason, on, until)| {
            let day = |days: i64| today().saturating_add(days.days());
            let mut step = if is_fitting { body(transition, today()) } else { ScriptStep::default() };
            if has_reason && transition == ScriptTransition::Start {
                step = reason();
            }
            step.on = on.map(day);
            if transition == ScriptTransition::AgreeBridge {
                step.until = until.map(day);
            }
            (transition, step)
        },
    )
}

fn any_effect() -> impl Strategy<Value = Effect> {
    prop_oneof![
        Just(Effect::End(EndReason::Duplicate)),
        Just(Effect::GoOn(Some(BridgeReference::random()))),
        Just(Effect::GoOn(None)),
        Just(Effect::Until(today(), BridgeReference::random())),
    ]
}

/// Each step from each state that allows it, and each effect of settling a conflict.
fn all() -> impl Iterator<Item = String> {
    let from = |state: &ScriptState| {
        let state = *state;
        ScriptTransition::possible(state).map(move |transition| format!("{state} {transition}"))
    };
    let settled = ["end", "go on", "until"].map(|effect| format!("settled: {effect}"));
    ScriptState::ALL.iter().flat_map(from).chain(settled)
}

fn settled_as(effect: &Effect) -> &'static str {
    match effect {
        Effect::End(_) => "settled: end",
        Effect::GoOn(_) => "settled: go on",
        Effect::Until(..) => "settled: until",
    }
}

crate::domain::walks!(Script, no_walk_reaches_an_impossible_state, all());

proptest! {
    #[test]
    fn no_walk_reaches_an_impossible_state(
        planned in any::<bool>(),
        walk in prop::collection::vec((any_step(), any::<bool>(), prop::option::weighted(0.2, any_effect()), 0i64..3), 0..25),
    ) {
        let mut script = script((!planned).then(|| date(2026, 6, 1)));
        let mut day = today();
        assert_possible(&script);
        for ((transition, step), beside, settled, days) in walk {
            day = day.saturating_add(days.days());
            let was = script.clone();
            let next = match &settled {
                Some(effect) => settle(&script, effect, &on(day, beside)),
                None => apply(&script, transition, &step, &on(day, beside)).ok(),
            };
            if let Some(next) = next {
                match &settled {
                    Some(effect) => crate::domain::walked::took(settled_as(effect)),
                    None => crate::domain::walked::took(format_args!("{} {transition}", was.state)),
                }
                prop_assert!(was.is_open(), "nothing leaves the end");
                assert_possible(&next);
                let runs_anew = next.is_running() && !was.is_running();
                let is_despite = next.steps.last().unwrap().started_despite.is_some();
                prop_assert!(!runs_anew || !beside || is_despite, "it ran beside another, and nobody said why");
                script = next;
            }
        }
    }
}
