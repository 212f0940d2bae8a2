//! Random walks through a breach, and what is one at all.

use proptest::prelude::*;

use super::*;
use crate::id::{PersonId, RecordId};

fn minute(text: &str) -> Minute {
    text.parse().unwrap()
}

fn breach() -> BreachRecord {
    BreachRecord {
        id: RecordId::random(),
        version: 1,
        person: PersonId::random(),
        agency: "northmoor-police".parse().unwrap(),
        assessment: RecordId::random(),
        appointment: AppointmentKind::Initial,
        statute: Statute::Section12,
        failed_at: minute("2026-01-30T10:00"),
        opened_by: "proxy-rowan".parse().unwrap(),
        opened_at: "2026-01-30T11:00:00Z".parse().unwrap(),
        state: BreachState::Undecided,
        decisions: Vec::new(),
        put_out_at: None,
        arrested_at: None,
        withdrawn_because: None,
        task_reference: None,
    }
}

fn taking() -> Taking {
    Taking {
        now: "2026-02-02T10:00:00Z".parse().unwrap(),
        minute: minute("2026-02-02T10:00"),
        by: "proxy-rowan".parse().unwrap(),
    }
}

fn steps() -> impl Strategy<Value = (BreachTransition, BreachStep)> {
    let times = prop::sample::select(vec![
        "2026-01-29T10:00",
        "2026-01-31T10:00",
        "2026-02-02T10:00",
        "2026-02-03T10:00",
    ]);
    (
        prop::sample::select(BreachTransition::ALL),
        prop::sample::select(Colour::ALL),
        times,
        prop::sample::select(WithdrawReason::ALL),
        0_u8..12,
    )
        .prop_map(|(transition, colour, at, reason, odd)| {
            use BreachTransition::{Arrest, Decide, PutOut, Withdraw};
            // One in twelve has what belongs to another step, one lacks what belongs to its own.
            let decides = transition == Decide && odd != 0 || odd == 1;
            let dates = matches!(transition, PutOut | Arrest) && odd != 0 || odd == 2;
            let step = BreachStep {
                colour: decides.then_some(colour),
                risk_to_self: decides.then(|| "Uses alone.".to_owned()),
                risk_to_others: decides.then(|| "None known.".to_owned()),
                at: dates.then(|| minute(at)),
                reason: (transition == Withdraw && odd != 0).then_some(reason),
                ..BreachStep::default()
            };
            (transition, step)
        })
}

/// Each step from each state that allows it.
fn all() -> impl Iterator<Item = String> {
    let from = |state: &BreachState| {
        let state = *state;
        BreachTransition::possible(state).map(move |transition| format!("{state} {transition}"))
    };
    BreachState::ALL.iter().flat_map(from)
}

crate::domain::walks!(Breach, no_walk_leads_to_a_breach_that_cannot_be, all());

proptest! {
    #[test]
    fn no_walk_leads_to_a_breach_that_cannot_be(walk in prop::collection::vec(steps(), 1..40)) {
        let mut record = breach();
        for (transition, step) in walk {
            let before = record.clone();
            let possible: Vec<_> = BreachTransition::possible(before.state).collect();
            match apply(&record, transition, &step, &taking()) {
                Ok(next) => {
                    crate::domain::walked::took(format_args!("{} {transition}", before.state));
                    prop_assert!(possible.contains(&transition));
                    prop_assert_eq!(Some(next.state), transition.from_state(before.state));
                    prop_assert_eq!(next.version, before.version + 1);
                    prop_assert!(next.decisions.len() >= before.decisions.len());
                    record = next;
                }
                Err(InvalidBreachStep::NotFrom(state)) => {
                    prop_assert_eq!(state, before.state);
                    prop_assert!(!possible.contains(&transition));
                }
                Err(InvalidBreachStep::Guard(_)) => prop_assert!(possible.contains(&transition)),
            }
            // Nobody is pursued, put out or arrested before somebody said how soon; and each state has what it says.
            let undecided = record.decisions.is_empty();
            prop_assert!(!undecided || matches!(record.state, BreachState::Undecided | BreachState::Withdrawn));
            prop_assert!(record.state != BreachState::PutOut || record.put_out_at.is_some());
            prop_assert_eq!(record.state.is_arrest(), record.arrested_at.is_some() && record.state != BreachState::Withdrawn);
            prop_assert_eq!(record.state == BreachState::Withdrawn, record.withdrawn_because.is_some());
            for at in [record.put_out_at, record.arrested_at].into_iter().flatten() {
                prop_assert!(record.failed_at <= at && at <= taking().minute);
            }
            if record.state == BreachState::Withdrawn {
                prop_assert_eq!(BreachTransition::possible(record.state).count(), 0);
            }
        }
    }
}
