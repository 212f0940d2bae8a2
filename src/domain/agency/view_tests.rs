//! What the directory shows of an agency, and what it never does.

use super::*;
use crate::calendar::Exceptions;
use crate::directory::{CertificateSha256, Contact, OpeningHours, TokenAlgorithm, TokenKey, Worker};
use crate::vocabulary::Role;

fn lantern() -> Agency {
    Agency {
        id: "lantern".parse().unwrap(),
        name: "Lantern".to_owned(),
        agency_type: AgencyType::SpecialistProject,
        area: "Northmoor".to_owned(),
        status: AgencyStatus::Active,
        issuer: "https://canary-issuer.example".to_owned(),
        roles: vec![Role::ProjectWorker],
        certificates: vec![CertificateSha256::from_bytes([0xca; 32])],
        token_keys: vec![TokenKey {
            kid: "canary-kid".to_owned(),
            alg: TokenAlgorithm::EdDsa,
            public_key: "canary-key".to_owned(),
        }],
        workers: vec![Worker {
            id: "canary-worker".parse().unwrap(),
            name: "Testa Canary".to_owned(),
            role: Role::ProjectWorker,
            active: true,
            certificates: Vec::new(),
        }],
        contact: Contact {
            telephone_office: "01632 960100".to_owned(),
            telephone_out_of_hours: Some("01632 960199".to_owned()),
            telephone_crisis: Some("08081 570199".to_owned()),
            hours: vec![OpeningHours {
                day: Day::Friday,
                from: "09:00:00".parse().unwrap(),
                until: "17:00:00".parse().unwrap(),
            }],
            spoc: "Duty project worker".to_owned(),
            spoc_deputy: "Duty manager".to_owned(),
            adviser: None,
            verified_at: Some("2026-03-10T09:30:15Z".parse().unwrap()),
        },
        provides: vec!["outreach".to_owned()],
        cannot_provide: vec!["prescribing".to_owned()],
        answers_live: false,
        break_glass: crate::directory::BreakGlassPower::default(),
    }
}

fn at(agency: &Agency, moment: &str) -> AgencyView {
    let calendar = Calendar::england_and_wales(Exceptions::default()).unwrap();
    AgencyView::of(agency, &calendar, moment.parse().unwrap())
}

#[test]
fn it_is_open_in_its_hours_but_not_on_a_bank_holiday_nor_when_suspended() {
    assert!(at(&lantern(), "2026-03-27T16:50:00Z").open_now);
    assert!(!at(&lantern(), "2026-03-27T17:00:00Z").open_now);
    // Good Friday.
    assert!(!at(&lantern(), "2026-04-03T11:00:00Z").open_now);
    let suspended = Agency { status: AgencyStatus::Suspended, ..lantern() };
    let view = at(&suspended, "2026-03-27T16:50:00Z");
    assert_eq!((view.open_now, view.status), (false, AgencyStatus::Suspended));
}

#[test]
fn a_contact_goes_stale_after_thirty_five_days() {
    assert!(!at(&lantern(), "2026-04-14T09:30:00Z").verification_stale);
    assert!(at(&lantern(), "2026-04-14T09:31:00Z").verification_stale);
}

#[test]
fn neither_workers_nor_keys_nor_certificates_are_shown() {
    let text = serde_json::to_string(&at(&lantern(), "2026-03-27T16:50:00Z")).unwrap();
    for secret in ["canary", "Canary", "caca", "project-worker\""] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    assert!(text.contains(r#""verified_at":"2026-03-10T09:30:00Z""#), "{text}");
    assert!(text.contains(r#"{"day":"friday","from":"09:00","until":"17:00"}"#), "{text}");
}
