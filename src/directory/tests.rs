//! What the directory promises: one holder a certificate, hours in local time, strict documents.

use super::*;
use crate::calendar::{Calendar, Exceptions};

fn agency() -> Agency {
    serde_json::from_value(serde_json::json!({
        "id": "northmoor-cjit", "name": "Northmoor Team", "agency_type": "cjit", "area": "Northmoor",
        "status": "active", "issuer": "https://tokens.northmoor.example", "roles": ["case-manager"],
        "certificates": [], "token_keys": [],
        "contact": {
            "telephone_office": "01632 960001", "spoc": "duty worker", "spoc_deputy": "team manager",
            "hours": [{"day": "monday", "from": "09:00", "until": "17:00"}],
            "verified_at": "2026-01-01T00:00:00Z",
        },
    }))
    .unwrap()
}

fn at(moment: &str) -> Timestamp {
    moment.parse().unwrap()
}

#[test]
fn the_office_opens_by_the_clock_on_its_own_wall_in_summer_and_winter() {
    // 5 January and 6 July 2026 are Mondays; in July the wall shows one hour more than UTC. 25 May is a Monday and a bank holiday.
    let calendar = Calendar::england_and_wales(Exceptions::default()).unwrap();
    let mut agency = agency();
    agency.contact.telephone_out_of_hours = Some("01632 960999".to_owned());
    for (moment, open) in [
        ("2026-01-05T08:59:59Z", false),
        ("2026-01-05T09:00:00Z", true),
        ("2026-01-05T17:00:00Z", false),
        ("2026-01-06T10:00:00Z", false),
        ("2026-07-06T08:00:00Z", true),
        ("2026-07-06T16:00:00Z", false),
        ("2026-05-25T10:00:00Z", false),
    ] {
        assert_eq!(agency.is_open_at(at(moment), &calendar), open, "{moment}");
        let rings = if open { agency.contact.telephone_office.as_str() } else { "01632 960999" };
        assert_eq!(agency.telephone_at(at(moment), &calendar), rings, "{moment}");
    }
    agency.contact.telephone_out_of_hours = None;
    let at_night = agency.telephone_at(at("2026-01-05T23:00:00Z"), &calendar);
    assert_eq!(at_night, agency.contact.telephone_office, "there is no other number");
}

#[test]
fn a_contact_goes_stale_after_thirty_five_days_and_without_any_verification() {
    let mut agency = agency();
    assert!(!agency.spoc_verification_is_stale(at("2026-02-05T00:00:00Z")));
    assert!(agency.spoc_verification_is_stale(at("2026-02-05T00:00:01Z")));
    agency.contact.verified_at = None;
    assert!(agency.spoc_verification_is_stale(at("2026-01-01T00:00:00Z")));
}

#[test]
fn it_is_asked_for_its_contact_after_four_weeks_and_has_one_more_to_answer() {
    let mut agency = agency();
    let due = Some(at("2026-02-05T00:00:00Z"));
    assert_eq!(agency.spoc_verification_asked(at("2026-01-28T23:59:59Z")), None);
    assert_eq!(agency.spoc_verification_asked(at("2026-01-29T00:00:00Z")), due);
    assert_eq!(
        agency.spoc_verification_asked(at("2026-03-01T00:00:00Z")),
        due,
        "late, it is due when it was due"
    );
    agency.contact.verified_at = None;
    assert_eq!(agency.spoc_verification_asked(at("2026-01-01T00:00:00Z")), Some(at("2026-01-08T00:00:00Z")));
}

#[test]
fn a_certificate_leads_to_one_holder_or_there_is_no_directory() {
    let certificate = CertificateSha256::from_bytes([7; 32]);
    let mut first = agency();
    first.certificates.push(certificate);
    let directory = Directory::new(3, [first.clone()]).unwrap();
    assert_eq!(directory.epoch(), 3);
    assert_eq!(directory.holder(&certificate).unwrap().agency.id, first.id);
    assert!(directory.holder(&CertificateSha256::from_bytes([8; 32])).is_none());

    let mut second = agency();
    second.id = "eastvale-cjit".parse().unwrap();
    second.certificates.push(certificate);
    assert_eq!(Directory::new(3, [first.clone(), second]).unwrap_err(), DirectoryFault::DuplicateCertificate);
    let mut same_id = agency();
    same_id.certificates.clear();
    assert_eq!(Directory::new(3, [first, same_id]).unwrap_err(), DirectoryFault::DuplicateAgency);
}

#[test]
fn a_document_with_an_unknown_field_is_refused_and_a_known_one_survives() {
    let mut document = serde_json::to_value(agency()).unwrap();
    assert_eq!(serde_json::from_value::<Agency>(document.clone()).unwrap(), agency());
    document["nmae"] = "x".into();
    assert!(serde_json::from_value::<Agency>(document).is_err());
}

#[test]
fn bounds_are_checked_down_to_the_hours_and_the_keys() {
    assert!(agency().validate().is_ok());
    let mut inverted = agency();
    inverted.contact.hours[0].until = inverted.contact.hours[0].from;
    assert!(inverted.validate().is_err());
    let mut nameless = agency();
    nameless.name.clear();
    assert!(nameless.validate().is_err());
    let mut keyless = agency();
    keyless.token_keys.push(TokenKey {
        kid: String::new(),
        alg: TokenAlgorithm::EdDsa,
        public_key: "x".into(),
    });
    assert!(keyless.validate().is_err());
}

proptest::proptest! {
    #[test]
    fn a_certificate_hash_survives_its_written_form(bytes: [u8; 32]) {
        let hash = CertificateSha256::from_bytes(bytes);
        proptest::prop_assert_eq!(hash.to_string().parse::<CertificateSha256>(), Ok(hash));
        proptest::prop_assert!(hash.to_string().to_uppercase().parse::<CertificateSha256>().is_err()
            || hash.to_string().bytes().all(|b| b.is_ascii_digit()));
    }
}
