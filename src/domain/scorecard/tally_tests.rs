//! What counts, when, and in which cell; and what does not.

use std::collections::BTreeMap;

use jiff::civil::date;
use serde_json::{Value, json};

use super::*;
use crate::calendar::Exceptions;
use crate::domain::dir::{DirDocument, DirState, ReferralSource, SubstanceRow};
use crate::id::{PersonId, RecordId};
use crate::vocabulary::Drug;

fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

fn tally(agency_type: AgencyType) -> Tally {
    let senders = BTreeMap::from([
        (agency("northmoor-probation"), Sender::Probation),
        (agency("fallowgate-carat"), Sender::Prison),
        (agency("lantern"), Sender::of(AgencyType::SpecialistProject)),
    ]);
    let calendar = Calendar::england_and_wales(Exceptions::default()).unwrap();
    let quarters = Quarter::of(date(2026, 1, 1)).until(Quarter::of(date(2026, 6, 1)));
    Tally::new((&agency("northmoor-cjit"), agency_type), senders, calendar, quarters)
}

/// The whole of a count, and its cells that are not empty, in the first quarter of 2026.
fn spring(tally: &Tally, count: Count) -> (u64, Vec<(Division, &'static str, u64)>) {
    let counted = tally.quarters()[0].1.get(count).unwrap();
    let cells = count.divisions().iter().flat_map(|division| {
        let cells = counted.cells(*division).into_iter().filter(|(_, number)| *number > 0);
        cells.map(|(cell, number)| (*division, cell, number))
    });
    (counted.total, cells.collect())
}

fn episode(of: Value) -> EpisodeRecord {
    let mut episode = json!({
        "id": RecordId::random(), "version": 1, "person": PersonId::random(), "agency": "northmoor-cjit", "opened_by": "testa-rowan",
        "recorded_at": "2026-01-12T10:00:00Z", "admitted_on": "2026-01-12", "review_due": null, "part": "lead", "case_manager": null,
        "state": "active", "suspensions": [], "close_code": null, "steps": [],
    });
    episode.as_object_mut().unwrap().extend(of.as_object().unwrap().clone());
    serde_json::from_value(episode).unwrap()
}

#[test]
fn a_case_counts_when_it_comes_when_it_is_reviewed_when_it_ends_and_on_each_last_day() {
    let mut tally = tally(AgencyType::Cjit);
    let review = json!({"on": "2026-03-03", "at": "2026-03-03T10:00:00Z", "by": "testa-rowan", "trigger": "sixteen-weeks", "event": null,
        "class_a": true, "offending": true, "prison": false, "outcome": "stay", "outcome_reason": null, "person_took_part": true});
    tally.episode(&episode(json!({"reviews": [review]})));
    let closed = |code: &str, on: &str, since: Value| {
        episode(
            json!({"state": "closed", "close_code": code, "treated_since": since, "steps": [["close", {"on": on}]]}),
        )
    };
    tally.episode(&closed("C1", "2026-03-31", json!("2026-01-12")));
    tally.episode(&closed("C9", "2026-04-01", json!("2025-10-01")));
    tally.episode(&closed("C6", "2026-01-20", Value::Null));
    tally.episode(&episode(json!({"admitted_on": "2025-12-31"})));
    assert_eq!(spring(&tally, Count::Admissions), (4, Vec::new()));
    assert_eq!(spring(&tally, Count::Reviews), (1, vec![(Division::ReviewOutcome, "stay", 1)]));
    assert_eq!(
        spring(&tally, Count::Closures),
        (
            2,
            vec![
                (Division::Ending, "completed", 1),
                (Division::Ending, "died", 1),
                (Division::Retention, "under-12-weeks", 1),
                (Division::Retention, "not-begun", 1),
            ]
        )
    );
    assert_eq!(spring(&tally, Count::Caseload).0, 3, "not the one that was closed on the last day");
    let summer = &tally.quarters()[1].1;
    let closures = summer.get(Count::Closures).unwrap();
    assert_eq!((closures.total, closures.cell(Division::Retention, "24-weeks-or-more")), (1, 1));
    assert_eq!(summer.get(Count::Caseload).unwrap().total, 2);
}

#[test]
fn a_referral_counts_where_it_came_on_the_day_on_which_it_was_sent() {
    let referral = |sender: &str, recipient: &str, sent: Option<&str>| -> ReferralRecord {
        let step = |at: &str| json!({"transition": "send", "to": "requested", "at": at, "by": null});
        serde_json::from_value(json!({
            "id": RecordId::random(), "version": 2, "person": PersonId::random(), "sender": sender, "recipient": recipient,
            "author": "worker-one", "created_at": "2025-12-30T10:00:00Z", "route": "carat-to-cjit", "urgency": "routine",
            "need": "throughcare", "anonymous": false, "dirs": [], "release": null, "slot": null, "pick_up_wanted": false,
            "state": "requested", "due": null,
            "findings": {"named_worker": null, "rejection_reason": null, "information_requested": null, "reason": null,
                "review_due": null, "first_contact_at": null, "outcome": null},
            "history": sent.map(step).into_iter().chain([step("2026-06-01T10:00:00Z")]).collect::<Vec<_>>(),
        }))
        .unwrap()
    };
    let mut tally = tally(AgencyType::Cjit);
    tally.referral(&referral("fallowgate-carat", "northmoor-cjit", Some("2026-01-05T10:00:00Z")));
    tally.referral(&referral("lantern", "northmoor-cjit", Some("2026-01-05T10:00:00Z")));
    tally.referral(&referral("northmoor-cjit", "lantern", Some("2026-01-05T10:00:00Z")));
    tally.referral(&referral("fallowgate-carat", "northmoor-cjit", None));
    tally.inbound(&InboundRecord {
        from: agency("northmoor-police"),
        led: crate::domain::inbound::codes::Led::Asked,
        name: "Testa".to_owned(),
        reach: None,
        at: "2026-03-31T22:30:00Z".parse().unwrap(),
        answered: None,
        withdrawn_at: None,
    });
    // The last came half an hour before midnight in London.
    let cells = vec![
        (Division::Sender, "police", 1),
        (Division::Sender, "prison", 1),
        (Division::Sender, "other-service", 1),
    ];
    assert_eq!(spring(&tally, Count::Referrals), (3, cells));
    assert_eq!(tally.quarters()[1].1.get(Count::Referrals).unwrap().total, 1, "once, when it was sent first");
}

#[test]
fn a_signed_record_tells_who_sent_the_person_and_what_she_uses_and_nothing_else_is_read_of_it() {
    let row = |rank, drug| SubstanceRow {
        rank,
        drug,
        name_used: None,
        route: None,
        frequency: None,
        age_first_used: None,
        weekly_spend_pounds: None,
    };
    let mut document = DirDocument::default();
    document.first_contact.source = Some(ReferralSource::Court);
    document.substance_use.substances =
        vec![row(1, Drug::Heroin), row(2, Drug::Crack), row(3, Drug::Alcohol)];
    document.person.date_of_birth = Some(date(1990, 1, 31));
    let record = |head: Value| {
        let mut of = json!({"state": "signed", "author": "testa-rowan", "created_at": "2025-12-30T10:00:00Z",
            "occasion": "fresh", "supersedes": null, "start_afresh_because": null, "segments": [],
            "signed": {"by": "testa-rowan", "at": "2026-01-05T10:00:00Z"}});
        of.as_object_mut().unwrap().extend(head.as_object().unwrap().clone());
        let head: DirHead = serde_json::from_value(of).unwrap();
        let wanted = |segment: &Segment| OF_A_RECORD.contains(segment);
        let parts = document.split().unwrap().into_iter().filter(|(segment, _)| wanted(segment));
        let segments = parts.map(|(segment, json)| (segment, json.into())).collect();
        let record = RecordId::random();
        Segments { record, version: 1, recorded_us: 0, head, segments, withheld: SegmentSet::EMPTY }
    };
    let mut tally = tally(AgencyType::Cjit);
    tally.record(&record(json!({})));
    tally.record(&record(json!({"state": DirState::Draft.code(), "signed": null})));
    tally.record(&record(json!({"supersedes": RecordId::random()})));
    tally.record(&record(json!({"occasion": "review"})));
    assert_eq!(spring(&tally, Count::Entries), (1, vec![(Division::Source, "court", 1)]));
    let substances = vec![
        (Division::Substance, "heroin", 1),
        (Division::Substance, "crack", 1),
        (Division::Substance, "alcohol", 1),
    ];
    assert_eq!(spring(&tally, Count::Substances), (3, substances));
}

#[test]
fn what_an_agency_does_not_hold_is_not_counted_as_nothing() {
    let police = tally(AgencyType::Police);
    let counts = &police.quarters()[0].1;
    let held: Vec<Count> = Count::ALL.iter().copied().filter(|count| counts.get(*count).is_some()).collect();
    assert_eq!(held, [Count::Breaches]);
    let mut police = police;
    police.episode(&episode(json!({})));
    assert_eq!(police.quarters()[0].1.get(Count::Admissions), None);
    assert!(tally(AgencyType::Housing).quarters()[0].1.get(Count::Caseload).is_none());
}

#[test]
fn every_way_to_close_a_case_has_its_cell() {
    for code in CloseCode::ALL {
        assert!(Division::Ending.cells().contains(&ending(*code).code()), "{code}");
    }
    let project = Sender::of(AgencyType::SpecialistProject);
    assert_eq!(project, Sender::of(AgencyType::Treatment), "which kind of service it was is not told");
}
