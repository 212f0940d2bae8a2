//! What the account tells, and whom it names.

use super::*;
use crate::directory::AgencyStatus;
use crate::vocabulary::{AgencyType, Art6, Confidentiality, Purpose, Role, SegmentSet};

fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

fn enrolled(id: &str, name: &str, agency_type: AgencyType) -> Agency {
    Agency {
        id: agency(id),
        name: name.to_owned(),
        agency_type,
        area: "Northmoor".to_owned(),
        status: AgencyStatus::Active,
        issuer: format!("https://{id}.example"),
        roles: vec![Role::CaseManager],
        certificates: Vec::new(),
        token_keys: Vec::new(),
        workers: Vec::new(),
        contact: crate::directory::Contact {
            telephone_office: "01632 960100".to_owned(),
            telephone_out_of_hours: None,
            telephone_crisis: None,
            hours: Vec::new(),
            spoc: format!("Duty lead of {id}"),
            spoc_deputy: "Deputy".to_owned(),
            adviser: None,
            verified_at: None,
        },
        provides: Vec::new(),
        cannot_provide: Vec::new(),
        answers_live: false,
        break_glass: crate::directory::BreakGlassPower::default(),
    }
}

fn directory() -> Directory {
    let agencies = [
        enrolled("northmoor-cjit", "Northmoor CJIT", AgencyType::Cjit),
        enrolled("fallowgate-carat", "Fallowgate CARAT", AgencyType::Carat),
        enrolled("lantern", "Lantern", AgencyType::SpecialistProject),
    ];
    Directory::new(1, agencies).unwrap()
}

fn entry(asker: &str, custodian: &str) -> AccountEntry {
    AccountEntry {
        recorded_at: "2026-06-01T10:00:42.5Z".parse().unwrap(),
        kind: EntryKind::Disclosure,
        outcome: Outcome::Permitted,
        asker: agency(asker),
        role: Some(Role::CaseManager),
        custodian: Some(agency(custodian)),
        purpose: Some(Purpose::ContinuityOfCare),
        released: SegmentSet::EMPTY.with(Segment::DrugUse),
        confidentiality: Some(Confidentiality::ClientConsent),
        art6: Some(Art6::PublicTask),
        about_deferral: false,
        is_visible: true,
    }
}

fn row(entry: &AccountEntry, reader: &str) -> DisclosureRow {
    DisclosureRow::of(entry, &agency(reader), &directory())
}

#[test]
fn both_sides_of_a_disclosure_are_told_the_other() {
    let passed = entry("northmoor-cjit", "fallowgate-carat");
    let asked = row(&passed, "northmoor-cjit");
    assert_eq!((asked.part, asked.agency.as_deref()), (DisclosurePart::Asked, Some("Fallowgate CARAT")));
    let held = row(&passed, "fallowgate-carat");
    assert_eq!((held.part, held.agency.as_deref()), (DisclosurePart::Held, Some("Northmoor CJIT")));
    assert_eq!(held.contact.unwrap().role, "Duty lead of northmoor-cjit");
    assert_eq!(held.recorded_at.to_string(), "2026-06-01T10:00:00Z");
}

#[test]
fn a_refusal_is_told_to_the_custodian_and_tells_the_asker_nobody() {
    let refused = AccountEntry {
        outcome: Outcome::Refused,
        released: SegmentSet::EMPTY,
        ..entry("northmoor-cjit", "fallowgate-carat")
    };
    assert_eq!(row(&refused, "northmoor-cjit").agency, None);
    assert_eq!(row(&refused, "fallowgate-carat").agency.as_deref(), Some("Northmoor CJIT"));
    assert_eq!(row(&refused, "fallowgate-carat").outcome, Outcome::Refused);
}

#[test]
fn a_consent_that_was_read_does_not_tell_who_took_it() {
    let read = AccountEntry { released: SegmentSet::EMPTY, ..entry("northmoor-cjit", "fallowgate-carat") };
    assert_eq!(row(&read, "northmoor-cjit").agency, None);
}

#[test]
fn a_specialist_project_is_named_to_nobody() {
    for (asker, custodian, reader) in
        [("lantern", "northmoor-cjit", "northmoor-cjit"), ("northmoor-cjit", "lantern", "northmoor-cjit")]
    {
        let text = serde_json::to_string(&row(&entry(asker, custodian), reader)).unwrap();
        assert!(!text.to_lowercase().contains("lantern"), "{text}");
    }
}

#[test]
fn ones_own_acts_name_oneself_as_the_contact() {
    let own = row(&entry("lantern", "lantern"), "lantern");
    assert_eq!((own.part, own.agency), (DisclosurePart::Own, None));
    assert_eq!(own.contact.unwrap().role, "Duty lead of lantern");
}
