//! The rule by which a line stands in an account: nothing silent where it is not known, and no trace that it was left out.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;
use crate::directory::{Agency, AgencyStatus, Contact};
use crate::vocabulary::{AgencyType, Art6, Confidentiality, Outcome, Role};

const AGENCIES: [(&str, AgencyType); 4] = [
    ("northmoor-cjit", AgencyType::Cjit),
    ("fallowgate-carat", AgencyType::Carat),
    ("northmoor-probation", AgencyType::Probation),
    ("lantern", AgencyType::SpecialistProject),
];

static DIRECTORY: LazyLock<Arc<Directory>> = LazyLock::new(|| {
    let agencies = AGENCIES.map(|(id, agency_type)| Agency {
        id: agency(id),
        name: format!("The agency {id}"),
        agency_type,
        area: "Northmoor".to_owned(),
        status: AgencyStatus::Active,
        issuer: format!("https://{id}.example"),
        roles: vec![Role::CaseManager],
        certificates: Vec::new(),
        token_keys: Vec::new(),
        workers: Vec::new(),
        contact: Contact {
            telephone_office: "01632 960100".to_owned(),
            telephone_out_of_hours: None,
            telephone_crisis: None,
            hours: Vec::new(),
            spoc: "duty lead".to_owned(),
            spoc_deputy: "deputy".to_owned(),
            adviser: None,
            verified_at: None,
        },
        provides: Vec::new(),
        cannot_provide: Vec::new(),
        answers_live: false,
        break_glass: crate::directory::BreakGlassPower::default(),
    });
    Arc::new(Directory::new(1, agencies).unwrap())
});

fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

fn hearer(id: &str) -> Hearer {
    Hearer { agency: agency(id), is_alone: true, directory: DIRECTORY.clone() }
}

fn entry(asker: &str, custodian: &str) -> AccountEntry {
    AccountEntry {
        recorded_at: "2026-06-01T10:00:00Z".parse().unwrap(),
        kind: EntryKind::Disclosure,
        outcome: Outcome::Permitted,
        asker: agency(asker),
        role: Some(Role::CaseManager),
        custodian: Some(agency(custodian)),
        purpose: Some(Purpose::ContinuityOfCare),
        released: SegmentSet::EMPTY.with(Segment::Identity),
        confidentiality: Some(Confidentiality::ClientConsent),
        art6: Some(Art6::PublicTask),
        about_deferral: false,
        is_visible: true,
    }
}

fn set(segments: &[Segment]) -> SegmentSet {
    segments.iter().copied().collect()
}

fn told(entry: &AccountEntry, known: SegmentSet, hearer: &Hearer) -> Option<AccountEntry> {
    told_to_person(entry.clone(), known, hearer)
}

#[test]
fn the_project_tells_of_itself_and_nobody_else_tells_of_it() {
    for custodian in ["lantern", "fallowgate-carat"] {
        let theirs = entry("lantern", custodian);
        assert_eq!(told(&theirs, SegmentSet::EMPTY, &hearer("northmoor-cjit")), None);
        assert_eq!(told(&theirs, SegmentSet::EMPTY, &hearer("lantern")), Some(theirs.clone()));
        let knows = set(&[Segment::SexWork]);
        assert_eq!(told(&theirs, knows, &hearer("northmoor-cjit")), Some(theirs));
    }
    // Who looked at what the project holds is told without it: a line names the one who asked.
    let looked = entry("northmoor-cjit", "lantern");
    assert_eq!(told(&looked, SegmentSet::EMPTY, &hearer("northmoor-cjit")), Some(looked.clone()));
}

#[test]
fn a_silent_segment_is_cut_out_of_a_line_and_a_line_of_nothing_else_is_no_line() {
    let mixed = AccountEntry {
        released: set(&[Segment::Identity, Segment::BloodBorneVirus]),
        ..entry("fallowgate-carat", "fallowgate-carat")
    };
    let at_cjit = told(&mixed, SegmentSet::EMPTY, &hearer("northmoor-cjit")).unwrap();
    assert_eq!(at_cjit.released, set(&[Segment::Identity]));
    let knows = set(&[Segment::BloodBorneVirus]);
    assert_eq!(told(&mixed, knows, &hearer("northmoor-cjit")), Some(mixed.clone()));
    let silent = AccountEntry { released: set(&[Segment::BloodBorneVirus]), ..mixed };
    assert_eq!(told(&silent, SegmentSet::EMPTY, &hearer("northmoor-cjit")), None);
}

#[test]
fn what_was_asked_to_protect_somebody_is_told_only_where_that_is_known() {
    let asked = AccountEntry {
        purpose: Some(Purpose::Safeguarding),
        ..entry("northmoor-probation", "northmoor-probation")
    };
    assert_eq!(told(&asked, SegmentSet::EMPTY, &hearer("northmoor-probation")), None);
    assert!(told(&asked, set(&[Segment::Safeguarding]), &hearer("northmoor-cjit")).is_some());
}

#[test]
fn who_is_not_alone_hears_of_nothing_silent_wherever_it_is() {
    let accompanied = Hearer { is_alone: false, ..hearer("lantern") };
    assert_eq!(told(&entry("lantern", "lantern"), SegmentSet::silent(), &accompanied), None);
    assert!(told(&entry("northmoor-cjit", "lantern"), SegmentSet::silent(), &accompanied).is_some());
}

#[test]
fn who_answered_anothers_check_or_saw_to_its_conflict_is_told_to_nobody_and_who_began_one_to_everybody() {
    for kind in [EntryKind::CaseloadCheck, EntryKind::ScriptChange] {
        let of = |asker, custodian| AccountEntry { kind, ..entry(asker, custodian) };
        let answered = of("fallowgate-carat", "northmoor-cjit");
        assert_eq!(told(&answered, SegmentSet::EMPTY, &hearer("northmoor-cjit")), None);
        assert!(told(&answered, SegmentSet::EMPTY, &hearer("fallowgate-carat")).is_some());
        let asked = of("northmoor-cjit", "northmoor-cjit");
        assert!(told(&asked, SegmentSet::EMPTY, &hearer("fallowgate-carat")).is_some());
    }
}

#[test]
fn what_is_deferred_or_of_an_unknown_agency_is_not_told() {
    let deferred = AccountEntry { is_visible: false, ..entry("northmoor-cjit", "northmoor-cjit") };
    assert_eq!(told(&deferred, SegmentSet::silent(), &hearer("northmoor-cjit")), None);
    let unknown = entry("gone-agency", "northmoor-cjit");
    assert_eq!(told(&unknown, SegmentSet::silent(), &hearer("northmoor-cjit")), None);
}

#[test]
fn a_party_is_told_all_but_what_is_deferred_and_who_answered_its_check_or_is_the_other_side_of_its_conflict()
{
    let carats = entry("fallowgate-carat", "northmoor-cjit");
    assert!(told_at("northmoor-cjit", &carats));
    assert!(!told_at("northmoor-cjit", &AccountEntry { is_visible: false, ..carats.clone() }));
    for kind in [EntryKind::CaseloadCheck, EntryKind::ScriptChange] {
        let answered = AccountEntry { kind, ..carats.clone() };
        assert!(!told_at("northmoor-cjit", &answered));
        assert!(told_at("fallowgate-carat", &answered));
    }
}

#[test]
fn that_a_specialist_project_asked_is_told_to_itself_alone() {
    for outcome in [Outcome::Permitted, Outcome::Refused] {
        let asked = AccountEntry { outcome, ..entry("lantern", "northmoor-cjit") };
        assert!(told_at("lantern", &asked));
        assert!(!told_at("northmoor-cjit", &asked), "a line without a name would tell whose it is");
    }
    assert!(!told_at("northmoor-cjit", &entry("gone-agency", "northmoor-cjit")));
}

fn told_at(reader: &str, entry: &AccountEntry) -> bool {
    let party = Party { agency: agency(reader), directory: DIRECTORY.clone() };
    told_to_party(entry.clone(), SegmentSet::EMPTY, &party).is_some()
}

fn any_agency() -> impl Strategy<Value = &'static str> {
    prop::sample::select(AGENCIES.map(|(id, _)| id).to_vec())
}

fn any_set() -> impl Strategy<Value = SegmentSet> {
    prop::sample::subsequence(Segment::ALL, 0..=Segment::ALL.len())
        .prop_map(|segments| segments.into_iter().collect())
}

prop_compose! {
    fn any_entry()(
        asker in any_agency(), custodian in any_agency(), released in any_set(),
        kind in prop::sample::select(EntryKind::ALL), outcome in prop::sample::select(Outcome::ALL),
        purpose in prop::option::of(prop::sample::select(Purpose::ALL)), is_visible in any::<bool>(),
    ) -> AccountEntry {
        AccountEntry { kind, outcome, purpose, released, is_visible, ..entry(asker, custodian) }
    }
}

proptest! {
    #[test]
    fn nothing_silent_is_told_where_it_is_not_known(
        entry in any_entry(), known in any_set(), reader in any_agency(), is_alone in any::<bool>(),
    ) {
        let hearer = Hearer { is_alone, ..hearer(reader) };
        let Some(line) = told(&entry, known, &hearer) else { return Ok(()) };
        let itself = if reader == "lantern" { set(&[Segment::SexWork]) } else { SegmentSet::EMPTY };
        let may_hear = if is_alone { known.union(itself) } else { SegmentSet::EMPTY };
        prop_assert!(line.released.intersection(SegmentSet::silent()).without(may_hear).is_empty());
        prop_assert!(line.asker != agency("lantern") || may_hear.contains(Segment::SexWork));
        prop_assert!(line.purpose != Some(Purpose::Safeguarding) || may_hear.contains(Segment::Safeguarding));
        prop_assert!(entry.is_visible);
    }

    #[test]
    fn a_line_is_the_entry_but_for_what_is_silent(entry in any_entry(), known in any_set(), reader in any_agency()) {
        let Some(line) = told(&entry, known, &hearer(reader)) else { return Ok(()) };
        prop_assert_eq!(line.released.without(SegmentSet::silent()), entry.released.without(SegmentSet::silent()));
        prop_assert!(!line.released.is_empty() || entry.released.is_empty(), "an empty line would show what was cut out");
        let released = entry.released;
        prop_assert_eq!(AccountEntry { released, ..line }, entry);
    }

    #[test]
    fn who_knows_more_is_told_no_less(entry in any_entry(), some in any_set(), more in any_set(), reader in any_agency()) {
        let (less, more) = (told(&entry, some, &hearer(reader)), told(&entry, some.union(more), &hearer(reader)));
        if let Some(less) = less {
            let more = more.unwrap();
            prop_assert!(less.released.without(more.released).is_empty());
        }
    }

    #[test]
    fn what_is_not_silent_is_told_at_every_agency_alike(entry in any_entry(), one in any_agency(), other in any_agency()) {
        let plain = entry.asker != agency("lantern")
            && entry.purpose != Some(Purpose::Safeguarding)
            && !is_between_services(entry.kind);
        let entry = AccountEntry { released: entry.released.without(SegmentSet::silent()), ..entry };
        if plain {
            let at = |reader| told(&entry, SegmentSet::EMPTY, &hearer(reader));
            prop_assert_eq!(at(one), at(other));
            prop_assert_eq!(at(one).is_some(), entry.is_visible);
        }
    }
}
