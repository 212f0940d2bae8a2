//! What is refused when a consent is recorded.

use super::super::fixture::{agency, given, moment, now, record};
use super::*;

fn faults(change: impl FnOnce(&mut ConsentGiven)) -> Vec<&'static str> {
    let mut terms = given();
    change(&mut terms);
    let found = terms.check(now()).err().unwrap_or_default();
    found.iter().map(|fault| fault.field).collect()
}

#[test]
fn a_well_taken_consent_is_active() {
    assert_eq!(given().check(now()), Ok(()));
    assert!(given().validate().is_ok());
    assert_eq!(record(given()).status, ConsentStatus::Active);
}

#[test]
fn no_consent_is_taken_before_police_or_a_partner() {
    for who in [Present::Police, Present::Partner] {
        let found = faults(|terms| (terms.present, terms.seen_alone) = (vec![who], false));
        assert_eq!(found, ["present"]);
    }
    assert!(faults(|terms| terms.present = vec![Present::Advocate]).is_empty());
    assert_eq!(faults(|terms| terms.present = vec![Present::FamilyMember]), ["seen_alone"]);
}

#[test]
fn a_refusal_is_recorded_even_before_police_and_names_nobody() {
    let mut refusal = given();
    refusal.decision = ConsentDecision::Refused;
    (refusal.present, refusal.seen_alone) = (vec![Present::Police], false);
    (refusal.recipients, refusal.segments, refusal.evidence_hash) = (Vec::new(), Vec::new(), None);
    assert_eq!(refusal.check(now()), Ok(()));
    assert_eq!(record(refusal).status, ConsentStatus::Refused);
}

#[test]
fn each_broken_rule_names_its_field() {
    assert_eq!(faults(|terms| terms.refusal_explained = false), ["refusal_explained"]);
    assert_eq!(faults(|terms| terms.capacity_confirmed = false), ["capacity_confirmed"]);
    assert_eq!(faults(|terms| terms.method = ConsentMethod::VerbalWitnessed), ["witness"]);
    assert_eq!(faults(|terms| terms.evidence_hash = None), ["evidence_hash"]);
    assert_eq!(faults(|terms| terms.evidence_hash = Some("G".repeat(64))), ["evidence_hash"]);
    assert_eq!(faults(|terms| terms.segments.clear()), ["segments"]);
    assert_eq!(faults(|terms| terms.recipients.push(agency("testhomes"))), ["recipients"]);
    assert_eq!(faults(|terms| terms.exclusions = vec![agency("testhomes")]), ["exclusions"]);
    assert_eq!(
        faults(|terms| terms.not_before = moment("2026-04-30T10:00:00Z")),
        ["not_before", "expires_at"]
    );
}

#[test]
fn no_consent_lasts_longer_than_twelve_months() {
    assert_eq!(faults(|terms| terms.expires_at = moment("2027-05-01T10:00:01Z")), ["expires_at"]);
    assert_eq!(faults(|terms| terms.expires_at = terms.not_before), ["expires_at"]);
}

#[test]
fn an_answer_from_the_future_is_refused() {
    let early = given().check(moment("2026-05-01T09:54:00Z"));
    assert_eq!(early.unwrap_err()[0].field, "obtained_at");
    assert!(given().check(moment("2026-05-01T09:56:00Z")).is_ok());
}

#[test]
fn unknown_fields_and_wildcards_are_refused() {
    let mut document = serde_json::to_value(given()).unwrap();
    assert!(serde_json::from_value::<ConsentGiven>(document.clone()).is_ok());
    document["recipients"] = serde_json::json!(["*"]);
    assert!(serde_json::from_value::<ConsentGiven>(document.clone()).is_err());
    document["recipients"] = serde_json::json!([]);
    document["everyone"] = serde_json::json!(true);
    assert!(serde_json::from_value::<ConsentGiven>(document).is_err());
}

#[test]
fn a_stored_consent_reads_back_as_it_was() {
    let stored = record(given());
    let text = serde_json::to_string(&stored).unwrap();
    assert_eq!(serde_json::from_str::<ConsentRecord>(&text).unwrap(), stored);
}
