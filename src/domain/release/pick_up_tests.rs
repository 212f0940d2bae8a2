//! The three parties of a pick-up: who may take which step, and that all agree before anybody is at the gate.

use proptest::prelude::*;

use super::*;

fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

fn asked() -> PickUpRecord {
    PickUpRecord {
        plan: RecordId::random(),
        home: agency("northmoor-cjit"),
        host: agency("eastvale-cjit"),
        prison_team: agency("fallowgate-carat"),
        by: "testa-rowan".parse().unwrap(),
        at: "2026-05-20T10:00:00Z".parse().unwrap(),
        state: PickUpState::Asked,
        agreed: Vec::new(),
        reason: None,
    }
}

fn take(pick_up: &PickUpRecord, step: PickUpStep, by: &str) -> Result<PickUpRecord, InvalidPickUpStep> {
    let needs = matches!(step, PickUpStep::Decline | PickUpStep::NoteNotMet | PickUpStep::Cancel);
    let taken = PickUpStepTaken { reason: needs.then(|| "No worker on that day.".to_owned()) };
    pick_up.stepped(step, &taken, &agency(by))
}

#[test]
fn it_is_agreed_when_the_host_and_the_prison_have_both_agreed() {
    for (first, second) in [("eastvale-cjit", "fallowgate-carat"), ("fallowgate-carat", "eastvale-cjit")] {
        let one = take(&asked(), PickUpStep::Agree, first).unwrap();
        assert_eq!(one.state, PickUpState::Asked);
        assert_eq!(take(&one, PickUpStep::Agree, first), Err(InvalidPickUpStep::NotFromHere), "not for both");
        assert_eq!(take(&one, PickUpStep::Agree, second).unwrap().state, PickUpState::Agreed);
    }
    assert_eq!(take(&asked(), PickUpStep::Agree, "northmoor-cjit"), Err(InvalidPickUpStep::NotFromHere));
    assert_eq!(take(&asked(), PickUpStep::Agree, "lantern"), Err(InvalidPickUpStep::NotFromHere));
    assert_eq!(take(&asked(), PickUpStep::NoteMet, "eastvale-cjit"), Err(InvalidPickUpStep::NotFromHere));
}

#[test]
fn a_refusal_says_why_and_an_agreement_does_not() {
    let silent = asked().stepped(PickUpStep::Decline, &PickUpStepTaken::default(), &agency("eastvale-cjit"));
    assert_eq!(silent, Err(InvalidPickUpStep::Reason));
    let talkative = PickUpStepTaken { reason: Some("Gladly.".to_owned()) };
    let agreed = asked().stepped(PickUpStep::Agree, &talkative, &agency("eastvale-cjit"));
    assert_eq!(agreed, Err(InvalidPickUpStep::Reason));
}

/// Each step from each state that allows it, by each side that may take it.
const ALL: [&str; 11] = [
    "asked agree host",
    "asked agree prison",
    "asked decline host",
    "asked decline prison",
    "agreed decline host",
    "agreed decline prison",
    "agreed note-met host",
    "agreed note-not-met host",
    "asked cancel home",
    "agreed cancel home",
    "asked agree, the last of two",
];

crate::domain::walks!(PickUp, no_walk_leads_to_a_gate_to_which_not_all_agreed, ALL.map(str::to_owned));

proptest! {
    #[test]
    fn no_walk_leads_to_a_gate_to_which_not_all_agreed(
        walk in proptest::collection::vec((proptest::sample::select(PickUpStep::ALL), 0_usize..4), 1..20)
    ) {
        let agencies = ["northmoor-cjit", "eastvale-cjit", "fallowgate-carat", "lantern"];
        let mut pick_up = asked();
        for (step, by) in walk {
            let open = pick_up.is_open();
            if let Ok(next) = take(&pick_up, step, agencies[by]) {
                prop_assert!(open, "nothing leaves what is over");
                prop_assert!(by != 3, "who is no party takes no step");
                let side = ["home", "host", "prison"][by];
                crate::domain::walked::took(format_args!("{} {step} {side}", pick_up.state));
                if pick_up.state == PickUpState::Asked && next.state == PickUpState::Agreed {
                    crate::domain::walked::took("asked agree, the last of two");
                }
                pick_up = next;
            }
            if matches!(pick_up.state, PickUpState::Agreed | PickUpState::Met | PickUpState::NotMet) {
                prop_assert_eq!(pick_up.agreed.len(), 2);
            }
            prop_assert_eq!(pick_up.is_open(), agencies.iter().any(|id| pick_up.possible(&agency(id)).next().is_some()));
        }
    }
}
