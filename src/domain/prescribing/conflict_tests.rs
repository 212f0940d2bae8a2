//! Who can do what about a conflict, and where that leads.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const OPENER: &str = "northmoor-cjit";
const OTHER: &str = "lantern";

fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

fn day(day: i8) -> Date {
    date(2026, 6, day)
}

fn party(id: &str, on: i8) -> Party {
    let by = (agency(id), "worker-one".parse().unwrap());
    Party { by, at: format!("2026-06-{on:02}T10:00:00Z").parse().unwrap(), today: day(on) }
}

fn conflict() -> ConflictRecord {
    let side = |id: &str| ConflictSide { agency: agency(id), script: RecordId::random() };
    ConflictRecord {
        id: RecordId::random(),
        version: 1,
        person: PersonId::random(),
        found_at: party(OPENER, 1).at,
        opener: side(OPENER),
        other: side(OTHER),
        bridged_until: None,
        started_despite: Vec::new(),
        proposal: None,
        resolution: None,
    }
}

fn proposing(outcome: ConflictOutcome, keeps: Option<Keeps>) -> ConflictStep {
    ConflictStep {
        outcome: Some(outcome),
        keeps,
        until: (outcome == ConflictOutcome::GuestDose).then(|| day(8)),
        reason_code: Some(ResolutionReason::SpokenTo),
        reason: None,
    }
}

fn propose(
    record: &ConflictRecord,
    by: &str,
    outcome: ConflictOutcome,
    keeps: Keeps,
) -> Result<ConflictRecord, InvalidConflictStep> {
    let keeps = (outcome != ConflictOutcome::FalseMatch).then_some(keeps);
    record.step(ConflictTransition::Propose, &proposing(outcome, keeps), &party(by, 5))
}

fn agree(record: &ConflictRecord, by: &str, on: i8) -> Result<ConflictRecord, InvalidConflictStep> {
    record.step(ConflictTransition::Agree, &ConflictStep::default(), &party(by, on))
}

fn field(result: Result<ConflictRecord, InvalidConflictStep>) -> &'static str {
    match result {
        Err(InvalidConflictStep::Guard(fault)) => fault.field,
        other => panic!("no guard held: {other:?}"),
    }
}

#[test]
fn one_proposes_and_the_other_agrees() {
    for &outcome in ConflictOutcome::ALL {
        let proposed = propose(&conflict(), OPENER, outcome, Keeps::Ours).unwrap();
        assert_eq!(proposed.state_on(day(5)), ConflictState::Open);
        assert_eq!(agree(&proposed, OPENER, 5), Err(InvalidConflictStep::NotFromHere), "not with oneself");
        let agreed = agree(&proposed, OTHER, 5).unwrap();
        assert_eq!(agreed.state_on(day(5)), ConflictState::Resolved);
        let resolution = agreed.resolution.unwrap();
        assert_eq!((resolution.outcome, resolution.proposed_by.0), (outcome, agency(OPENER)));
        assert_eq!(resolution.agreed_by.unwrap().0, agency(OTHER));
        let keeps = (outcome != ConflictOutcome::FalseMatch).then(|| agency(OPENER));
        assert_eq!(resolution.keeps, keeps);
        assert_eq!(agreed.proposal, None);
    }
}

#[test]
fn to_end_its_own_script_a_side_needs_nobodys_leave() {
    let own = propose(&conflict(), OTHER, ConflictOutcome::Ended, Keeps::Theirs).unwrap();
    assert_eq!(own.state_on(day(5)), ConflictState::Resolved);
    assert_eq!(own.resolution.unwrap().agreed_by, None);
    let others = propose(&conflict(), OTHER, ConflictOutcome::Ended, Keeps::Ours).unwrap();
    assert_eq!(others.state_on(day(5)), ConflictState::Open);
}

#[test]
fn beside_one_that_has_left_a_side_says_alone_that_the_others_ends_and_why() {
    use ConflictOutcome::{Ended, FalseMatch, GuestDose, Transferred};
    let propose = |outcome, keeps, reason: Option<&str>| {
        let step = ConflictStep { reason: reason.map(str::to_owned), ..proposing(outcome, keeps) };
        conflict().step_alone(ConflictTransition::Propose, &step, &party(OPENER, 5))
    };
    for outcome in [Ended, Transferred] {
        assert_eq!(field(propose(outcome, Some(Keeps::Ours), None)), "reason");
        let resolution = propose(outcome, Some(Keeps::Ours), Some("it closed")).unwrap().resolution.unwrap();
        assert_eq!((resolution.outcome, resolution.keeps), (outcome, Some(agency(OPENER))));
        assert_eq!(resolution.agreed_by, None);
    }
    for (outcome, keeps) in
        [(Transferred, Some(Keeps::Theirs)), (GuestDose, Some(Keeps::Ours)), (FalseMatch, None)]
    {
        let proposed = propose(outcome, keeps, Some("it closed")).unwrap();
        assert_eq!((proposed.proposal.is_some(), proposed.resolution), (true, None), "{outcome}");
    }
    assert!(propose(Ended, Some(Keeps::Theirs), None).unwrap().is_over(), "its own, as ever");
}

#[test]
fn a_proposal_can_be_declined_by_the_other_and_taken_back_by_its_own() {
    let proposed = propose(&conflict(), OPENER, ConflictOutcome::Transferred, Keeps::Theirs).unwrap();
    let (decline, withdraw) = (ConflictTransition::Decline, ConflictTransition::Withdraw);
    assert_eq!(proposed.possible(&agency(OPENER), day(5)), [withdraw]);
    assert_eq!(proposed.possible(&agency(OTHER), day(5)), [ConflictTransition::Agree, decline]);
    for (by, step) in [(OPENER, withdraw), (OTHER, decline)] {
        let back = proposed.step(step, &ConflictStep::default(), &party(by, 5)).unwrap();
        assert_eq!((back.proposal.is_none(), back.state_on(day(5))), (true, ConflictState::Open));
    }
    let twice = propose(&proposed, OTHER, ConflictOutcome::Ended, Keeps::Ours);
    assert_eq!(twice, Err(InvalidConflictStep::NotFromHere));
}

#[test]
fn a_guest_dose_is_a_conflict_again_after_its_day_unless_it_ended() {
    let proposed = propose(&conflict(), OPENER, ConflictOutcome::GuestDose, Keeps::Ours).unwrap();
    assert_eq!(field(agree(&proposed, OTHER, 9)), "until");
    let agreed = agree(&proposed, OTHER, 6).unwrap();
    assert_eq!(agreed.state_on(day(8)), ConflictState::Resolved);
    assert_eq!(agreed.state_on(day(9)), ConflictState::Open);
    assert!(propose(&agreed, OTHER, ConflictOutcome::Ended, Keeps::Ours).is_err(), "not while it stands");
    let over = agreed.ended(&agency(OTHER), &party(OTHER, 8));
    assert_eq!(over.state_on(day(9)), ConflictState::Resolved);
    assert_eq!(over.resolution.unwrap().outcome, ConflictOutcome::GuestDose);
}

#[test]
fn each_outcome_needs_its_fields_and_takes_no_other() {
    let step = |step: &ConflictStep| conflict().step(ConflictTransition::Propose, step, &party(OPENER, 5));
    let guest = proposing(ConflictOutcome::GuestDose, Some(Keeps::Ours));
    assert_eq!(field(step(&ConflictStep::default())), "outcome");
    assert_eq!(field(step(&ConflictStep { reason_code: None, ..guest.clone() })), "reason_code");
    let by_itself = Some(ResolutionReason::ScriptEnded);
    assert_eq!(field(step(&ConflictStep { reason_code: by_itself, ..guest.clone() })), "reason_code");
    assert_eq!(field(step(&ConflictStep { keeps: None, ..guest.clone() })), "keeps");
    assert_eq!(field(step(&ConflictStep { until: None, ..guest.clone() })), "until");
    assert_eq!(field(step(&ConflictStep { until: Some(day(13)), ..guest.clone() })), "until");
    let transferred = Some(ConflictOutcome::Transferred);
    assert_eq!(field(step(&ConflictStep { outcome: transferred, ..guest.clone() })), "until");
    assert_eq!(field(step(&proposing(ConflictOutcome::FalseMatch, Some(Keeps::Ours)))), "keeps");
    let proposed = step(&guest).unwrap();
    let agreed = proposed.step(ConflictTransition::Agree, &guest, &party(OTHER, 5));
    assert_eq!(field(agreed), "outcome");
}

/// Each step, each outcome on which both agree, and the end of a script.
fn all() -> impl Iterator<Item = String> {
    use ConflictTransition::{Decline, Propose, Withdraw};
    let agreed = ConflictOutcome::ALL.iter().map(|outcome| format!("agree {outcome}"));
    agreed
        .chain([Propose, Decline, Withdraw].map(|step| step.to_string()))
        .chain(["a script ended".to_owned()])
}

crate::domain::walks!(Conflict, no_walk_leaves_what_is_settled_or_settles_it_by_one_side_alone, all());

proptest! {
    #[test]
    fn no_walk_leaves_what_is_settled_or_settles_it_by_one_side_alone(
        walk in prop::collection::vec((
            prop::sample::select(ConflictTransition::ALL),
            prop::sample::select(vec![OPENER, OTHER]),
            prop::sample::select(ConflictOutcome::ALL),
            prop::sample::select(Keeps::ALL),
            0i8..2,
            prop::bool::weighted(0.1),
        ), 0..25),
    ) {
        let mut record = conflict();
        let mut on = 3;
        for (transition, by, outcome, keeps, days, ends) in walk {
            on += days;
            let step = match transition {
                ConflictTransition::Propose => {
                    let keeps = (outcome != ConflictOutcome::FalseMatch).then_some(keeps);
                    ConflictStep {
                        until: (outcome == ConflictOutcome::GuestDose).then(|| day(on + 2)),
                        ..proposing(outcome, keeps)
                    }
                }
                _ => ConflictStep::default(),
            };
            let was = record.state_on(day(on));
            if ends && !record.is_over() {
                record = record.ended(&agency(by), &party(by, on));
                crate::domain::walked::took("a script ended");
                prop_assert!(record.is_over());
                continue;
            }
            let allowed = record.allows(transition, &agency(by), day(on));
            match record.step(transition, &step, &party(by, on)) {
                Ok(next) => {
                    let agreed = record.proposal.as_ref().filter(|_| transition == ConflictTransition::Agree);
                    match agreed {
                        Some(proposal) => crate::domain::walked::took(format_args!("agree {}", proposal.outcome)),
                        None => crate::domain::walked::took(transition),
                    }
                    prop_assert!(allowed && was == ConflictState::Open);
                    prop_assert_eq!(next.version, record.version + 1);
                    prop_assert!(next.proposal.is_none() || next.resolution.is_none());
                    if let Some(resolution) = &next.resolution {
                        let alone = resolution.outcome == ConflictOutcome::Ended
                            && resolution.keeps.as_ref() != Some(&resolution.proposed_by.0);
                        let agreed = resolution.agreed_by.as_ref();
                        prop_assert!(alone || agreed.is_some_and(|agreed| agreed.0 != resolution.proposed_by.0));
                    }
                    record = next;
                }
                Err(InvalidConflictStep::NotFromHere) => prop_assert!(!allowed),
                // That day has passed.
                Err(InvalidConflictStep::Guard(fault)) => prop_assert_eq!(fault.field, "until"),
            }
        }
    }
}
