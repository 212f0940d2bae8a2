//! What a preview shows, against the policies as they are.

use super::super::codes::{ConsentStatus, WithdrawalChannel};
use super::super::fixture::{agency, given, moment, now, record};
use super::super::model::{ConsentGiven, WithdrawalGiven};
use super::*;
use crate::directory::{Agency, AgencyStatus, Contact};
use crate::policy::bundle::Bundle;
use crate::vocabulary::AgencyType;

fn enrolled(id: &str, agency_type: AgencyType) -> Agency {
    Agency {
        id: agency(id),
        name: format!("The {id}"),
        agency_type,
        area: "Northmoor".to_owned(),
        status: AgencyStatus::Active,
        issuer: "https://issuer.example".to_owned(),
        roles: Vec::new(),
        certificates: Vec::new(),
        token_keys: Vec::new(),
        workers: Vec::new(),
        contact: Contact {
            telephone_office: "01632 960100".to_owned(),
            telephone_out_of_hours: None,
            telephone_crisis: None,
            hours: Vec::new(),
            spoc: "Duty lead".to_owned(),
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

fn consent() -> ConsentRecord {
    record(ConsentGiven {
        segments: vec![Segment::Identity, Segment::Prescribing, Segment::Safeguarding],
        purposes: vec![Purpose::ContinuityOfCare, Purpose::HousingSupport],
        ..given()
    })
}

fn shown(consent: &ConsentRecord, reader: &str, at: Timestamp) -> Vec<PreviewLine> {
    let policies = Engine::new(Bundle::embedded().unwrap());
    let directory = Directory::new(
        1,
        [
            enrolled("northmoor-cjit", AgencyType::Cjit),
            enrolled("fallowgate-carat", AgencyType::Carat),
            enrolled("testhomes", AgencyType::Housing),
        ],
    )
    .unwrap();
    preview(consent, &agency(reader), &policies, &directory, at).lines
}

#[test]
fn policy_narrows_what_was_consented_by_recipient_and_purpose() {
    let lines = shown(&consent(), "eastvale-cjit", now());
    let told: Vec<_> =
        lines.iter().map(|line| (line.recipient.as_str(), line.purpose, line.segments.clone())).collect();
    assert_eq!(told.len(), 4);
    assert_eq!(
        told[0],
        ("northmoor-cjit", Purpose::ContinuityOfCare, vec![Segment::Identity, Segment::Prescribing])
    );
    assert_eq!(told[1], ("northmoor-cjit", Purpose::HousingSupport, Vec::new()));
    assert_eq!(told[2], ("testhomes", Purpose::ContinuityOfCare, Vec::new()));
}

#[test]
fn a_party_sees_its_own_lines_alone() {
    let lines = shown(&consent(), "northmoor-cjit", now());
    assert_eq!(lines.len(), 2);
    assert!(lines.iter().all(|line| line.recipient == agency("northmoor-cjit")));
    assert!(shown(&consent(), "fallowgate-carat", now()).is_empty());
}

#[test]
fn an_ended_consent_shows_nobody_anything() {
    assert!(shown(&consent(), "eastvale-cjit", moment("2027-05-01T10:00:00Z")).is_empty());
    let withdrawal = WithdrawalGiven {
        channel: WithdrawalChannel::InPerson,
        said_at: None,
        reason: None,
        only_recipients: None,
        urgent_effects_confirmed: true,
    };
    let by = (agency("lantern"), "worker-two".parse().unwrap());
    let ended = consent().withdraw(&withdrawal, by, now()).unwrap();
    assert_eq!(ended.status, ConsentStatus::Withdrawn);
    assert!(shown(&ended, "eastvale-cjit", now()).is_empty());
}
