//! When two scripts are in each other's way, what is recorded of it, and of whom a reader is told.

use jiff::civil::date;

use super::*;
use crate::domain::prescribing::codes::{
    BridgeReference, ClinicalReason, Collection, ConflictOutcome, DoseBand, Drug, EndReason,
    ResolutionReason, ScriptTransition,
};
use crate::domain::prescribing::conflict::Resolution;
use crate::domain::prescribing::script::{ScriptOpened, ScriptOrigin, ScriptStep};
use crate::domain::prescribing::states::{Taking, apply};
use crate::id::PersonId;

fn day(day: i8) -> Date {
    date(2026, 6, day)
}

fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

fn party(id: &str, on: i8) -> Party {
    let by = (agency(id), "worker-one".parse().unwrap());
    Party { by, at: format!("2026-06-{on:02}T10:00:00Z").parse().unwrap(), today: day(on) }
}

fn script(id: &str, started_on: i8) -> ScriptRecord {
    let opened = ScriptOpened {
        drug: Drug::Methadone,
        dose_band: DoseBand::Middle,
        collection: Collection::Daily,
        supervised: true,
        prescriber: None,
        started_on: Some(day(started_on)),
        bridge_reference: None,
        clinical_reason: None,
        reason: None,
    };
    opened.into_record(ScriptOrigin {
        id: RecordId::random(),
        person: PersonId::random(),
        agency: agency(id),
        opened_by: "worker-one".parse().unwrap(),
        recorded_at: party(id, started_on).at,
    })
}

fn take(script: &ScriptRecord, transition: ScriptTransition, step: ScriptStep, on: i8) -> ScriptRecord {
    let party = party(script.agency.as_str(), on);
    let taking = Taking {
        today: party.today,
        at: party.at,
        by: Some(party.by.1),
        is_beside_another: true,
        is_new_conflict: false,
        new_reference: BridgeReference::random(),
    };
    apply(script, transition, &step, &taking).unwrap()
}

fn bridge(script: &ScriptRecord, on: i8, until: i8) -> ScriptRecord {
    take(
        script,
        ScriptTransition::AgreeBridge,
        ScriptStep { until: Some(day(until)), ..ScriptStep::default() },
        on,
    )
}

fn end(script: &ScriptRecord, on: i8) -> ScriptRecord {
    let step = ScriptStep { end_reason: Some(EndReason::Completed), ..ScriptStep::default() };
    take(script, ScriptTransition::End, step, on)
}

fn after(
    conflict: Option<&ConflictRecord>,
    mine: &ScriptRecord,
    other: &ScriptRecord,
    was_held: bool,
    on: i8,
) -> Option<ConflictRecord> {
    let party = party(mine.agency.as_str(), on);
    let new = RecordId::random();
    conflict_after(conflict, other, &Step { mine, was_held, party: &party, new })
}

fn document<T>(agency: &AgencyId, record: RecordId, value: T) -> Document<T> {
    Document { record, version: 1, recorded_us: 0, custodian: agency.clone(), value }
}

fn papers(scripts: &[&ScriptRecord], conflicts: &[&ConflictRecord]) -> Papers {
    (
        scripts.iter().map(|script| document(&script.agency, script.id, (*script).clone())).collect(),
        conflicts
            .iter()
            .map(|conflict| document(&conflict.opener.agency, conflict.id, (*conflict).clone()))
            .collect(),
    )
}

#[test]
fn two_that_run_at_two_agencies_overlap_and_nothing_else_does() {
    let (lantern, cjit) = (script("lantern", 1), script("northmoor-cjit", 5));
    assert_eq!(overlap(&lantern, &cjit, day(5)), Overlap::Open);
    assert_eq!(overlap(&lantern, &script("lantern", 5), day(5)), Overlap::None, "one agency's two");
    assert_eq!(overlap(&end(&lantern, 5), &cjit, day(5)), Overlap::None);
    let held = ScriptRecord { state: ScriptState::Held, ..cjit };
    assert_eq!(overlap(&lantern, &held, day(5)), Overlap::None);
    assert_eq!(overlap(&lantern, &as_if_running(&held), day(5)), Overlap::Open);
}

#[test]
fn a_bridge_is_agreed_by_both_or_by_nobody_and_until_its_day() {
    let prison = bridge(&script("fallowgate-carat", 1), 5, 8);
    let alone = script("northmoor-cjit", 5);
    assert_eq!(overlap(&prison, &alone, day(5)), Overlap::Open, "one side alone agreed to nothing");
    let both = ScriptRecord { bridge_taken: prison.bridge_offered.clone(), ..alone.clone() };
    for (one, other) in [(&prison, &both), (&both, &prison)] {
        assert_eq!(overlap(one, other, day(8)), Overlap::Agreed);
        assert_eq!(overlap(one, other, day(9)), Overlap::Open, "the day has passed");
    }
    let another = ScriptRecord { bridge_taken: Some(BridgeReference::random()), ..alone };
    assert_eq!(overlap(&prison, &another, day(5)), Overlap::Open);
}

#[test]
fn a_held_script_is_in_conflict_from_the_first_moment_and_a_planned_one_is_not() {
    let lantern = script("lantern", 1);
    let cjit = script("northmoor-cjit", 5);
    let held = ScriptRecord { state: ScriptState::Held, started_on: None, ..cjit.clone() };
    let conflict = after(None, &held, &lantern, true, 5).unwrap();
    assert_eq!(conflict.state_on(day(5)), ConflictState::Open);
    assert_eq!(
        (&conflict.opener.agency, &conflict.other.agency),
        (&agency("northmoor-cjit"), &agency("lantern"))
    );
    let planned = ScriptRecord { state: ScriptState::Proposed, started_on: None, ..cjit };
    assert_eq!(after(None, &planned, &lantern, false, 5), None);
    assert_eq!(after(Some(&conflict), &held, &lantern, false, 6), None, "nothing new to record");
}

#[test]
fn an_agreed_bridge_is_a_conflict_only_once_its_day_has_passed() {
    let prison = bridge(&script("fallowgate-carat", 1), 5, 8);
    let cjit = ScriptRecord { bridge_taken: prison.bridge_offered.clone(), ..script("northmoor-cjit", 6) };
    let conflict = after(None, &cjit, &prison, false, 6).unwrap();
    assert_eq!(conflict.state_on(day(8)), ConflictState::Bridged);
    assert_eq!(conflict.state_on(day(9)), ConflictState::Open);
    let ended = after(Some(&conflict), &end(&prison, 8), &cjit, false, 8).unwrap();
    assert_eq!(ended.state_on(day(9)), ConflictState::Resolved);
    let resumed = take(&prison, ScriptTransition::Resume, ScriptStep::default(), 7);
    let open = after(Some(&conflict), &resumed, &cjit, false, 7).unwrap();
    assert_eq!(open.state_on(day(7)), ConflictState::Open, "the bridge does not come about");
}

#[test]
fn a_guest_dose_is_a_conflict_as_soon_as_it_is_no_longer_what_was_agreed() {
    let (lantern, guest) = (script("lantern", 1), bridge(&script("northmoor-cjit", 5), 5, 7));
    let keeps = ScriptRecord { bridge_taken: guest.bridge_offered.clone(), ..lantern };
    let resolution = Resolution {
        outcome: ConflictOutcome::GuestDose,
        keeps: Some(keeps.agency.clone()),
        until: Some(day(7)),
        ..two_people(&guest, &keeps).resolution.unwrap()
    };
    let conflict =
        ConflictRecord { resolution: Some(resolution), ..after(None, &guest, &keeps, false, 5).unwrap() };
    let collected = take(&guest, ScriptTransition::Collect, ScriptStep::default(), 6);
    assert_eq!(after(Some(&conflict), &collected, &keeps, false, 6), None, "it was agreed");
    assert_eq!(after(Some(&conflict), &collected, &keeps, false, 8), None, "it lapses by itself");
    let resumed = take(&guest, ScriptTransition::Resume, ScriptStep::default(), 6);
    let open = after(Some(&conflict), &resumed, &keeps, false, 6).unwrap();
    assert_eq!((open.state_on(day(6)), open.resolution), (ConflictState::Open, None));
    let waits = ScriptRecord { state: ScriptState::Held, started_on: None, ..resumed };
    assert_eq!(after(Some(&conflict), &waits, &keeps, false, 6), None, "nothing is given on it");
}

#[test]
fn a_start_all_the_same_stands_in_the_conflict() {
    let lantern = script("lantern", 1);
    let held = ScriptRecord { state: ScriptState::Held, started_on: None, ..script("northmoor-cjit", 5) };
    let conflict = after(None, &held, &lantern, true, 5).unwrap();
    let step = ScriptStep {
        clinical_reason: Some(ClinicalReason::Pregnancy),
        reason: Some("said at the desk".to_owned()),
        ..ScriptStep::default()
    };
    let started = take(&held, ScriptTransition::Start, step, 6);
    let next = after(Some(&conflict), &started, &lantern, false, 6).unwrap();
    assert_eq!(next.state_on(day(6)), ConflictState::Open);
    let despite = next.started_despite.first().unwrap();
    assert_eq!((&despite.by.0, despite.reason), (&agency("northmoor-cjit"), ClinicalReason::Pregnancy));
    let collected = take(&started, ScriptTransition::Collect, ScriptStep::default(), 7);
    assert_eq!(after(Some(&next), &collected, &lantern, false, 7), None, "said once");
}

#[test]
fn the_end_of_either_ends_the_conflict() {
    let (lantern, cjit) = (script("lantern", 1), script("northmoor-cjit", 5));
    let conflict = after(None, &cjit, &lantern, false, 5).unwrap();
    for (mine, other) in [(&lantern, &cjit), (&cjit, &lantern)] {
        let next = after(Some(&conflict), &end(mine, 6), other, false, 6).unwrap();
        let resolution = next.resolution.unwrap();
        assert_eq!(
            (resolution.outcome, resolution.keeps),
            (ConflictOutcome::Ended, Some(other.agency.clone()))
        );
    }
}

#[test]
fn a_reader_is_told_of_the_other_that_was_collected_last_and_never_of_its_own() {
    let lantern = ScriptRecord { last_collected_on: Some(day(4)), ..script("lantern", 1) };
    let treatment = ScriptRecord { drug: Drug::Diazepam, ..script("eastvale-treatment", 3) };
    let cjit = script("northmoor-cjit", 5);
    let papers_of = papers(&[&lantern, &treatment, &cjit], &[]);
    let told = |reader: &str| elsewhere(&papers_of, &agency(reader), None, day(6)).map(|script| script.id);
    assert_eq!(told("fallowgate-carat"), Some(cjit.id));
    assert_eq!(told("northmoor-cjit"), Some(lantern.id));
    assert_eq!(elsewhere(&papers(&[&cjit], &[]), &agency("northmoor-cjit"), None, day(6)), None);
    let ended = end(&lantern, 6);
    assert_eq!(elsewhere(&papers(&[&ended, &cjit], &[]), &agency("northmoor-cjit"), None, day(6)), None);
}

#[test]
fn what_was_agreed_holds_nobody_up() {
    let prison = bridge(&script("fallowgate-carat", 1), 5, 8);
    let cjit = ScriptRecord { bridge_taken: prison.bridge_offered.clone(), ..script("northmoor-cjit", 6) };
    let bridged = papers(&[&prison, &cjit], &[]);
    let reader = agency("northmoor-cjit");
    assert_eq!(elsewhere(&bridged, &reader, None, day(8)), None);
    assert!(elsewhere(&bridged, &reader, None, day(9)).is_some());
    assert!(elsewhere(&bridged, &agency("lantern"), None, day(8)).is_some(), "it concerns everybody else");

    let (lantern, mine) = (script("lantern", 1), script("northmoor-cjit", 5));
    let conflict = two_people(&mine, &lantern);
    assert_eq!(elsewhere(&papers(&[&lantern, &mine], &[&conflict]), &reader, None, day(6)), None);
}

/// The conflict of two that both sides settled because these are two people's.
fn two_people(mine: &ScriptRecord, other: &ScriptRecord) -> ConflictRecord {
    let conflict = after(None, mine, other, false, 5).unwrap();
    let resolution = Resolution {
        outcome: ConflictOutcome::FalseMatch,
        keeps: None,
        until: None,
        reason: ResolutionReason::NotThisPerson,
        proposed_by: party(other.agency.as_str(), 5).by,
        agreed_by: Some(party(mine.agency.as_str(), 5).by),
        at: party(other.agency.as_str(), 5).at,
    };
    ConflictRecord { resolution: Some(resolution), ..conflict }
}

#[test]
fn what_was_agreed_of_one_own_script_hides_nothing_from_another() {
    let reader = agency("northmoor-cjit");
    let (lantern, mine) = (script("lantern", 1), script("northmoor-cjit", 5));
    let conflict = two_people(&mine, &lantern);
    let held = ScriptRecord { state: ScriptState::Held, started_on: None, ..script("northmoor-cjit", 6) };
    let told = |own: &[&ScriptRecord], moved| {
        let scripts: Vec<&ScriptRecord> = own.iter().copied().chain([&lantern]).collect();
        elsewhere(&papers(&scripts, &[&conflict]), &reader, moved, day(6)).is_some()
    };
    assert!(!told(&[&mine], None));
    let ended = end(&mine, 6);
    assert!(told(&[&ended], None), "what has ended hides nothing");
    assert!(told(&[&mine], Some(&ended)), "nor what ends just now");
    assert!(told(&[&mine, &held], None) && told(&[&mine], Some(&held)), "of the second nothing was said");
    let planned = ScriptRecord { state: ScriptState::Proposed, ..held.clone() };
    assert!(!told(&[&mine, &planned], None), "what is only planned is in nobody's way");

    let prison = bridge(&script("fallowgate-carat", 1), 5, 8);
    let taken = ScriptRecord { bridge_taken: prison.bridge_offered.clone(), ..script("northmoor-cjit", 6) };
    assert!(elsewhere(&papers(&[&prison, &taken, &held], &[]), &reader, None, day(8)).is_some());
}
