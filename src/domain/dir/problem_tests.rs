//! What is wrong with a record is told by naming the field, and never by repeating what was sent.

use serde_json::{Value, json};
use validator::Validate;

use super::{DirDocument, may_sign};
use crate::domain::validation::{FieldProblem, field_problems, parse_json};

const CEDAR: &str = include_str!("../../../tests/fixtures/dir-fixture-cedar.json");

/// What a record of the fixture says is wrong after one place was changed.
fn problems_after(place: &str, value: Value) -> Vec<FieldProblem> {
    let mut record: Value = serde_json::from_str(CEDAR).unwrap();
    let (parent, member) = place.rsplit_once('/').unwrap();
    match record.pointer_mut(parent).unwrap() {
        Value::Object(members) => _ = members.insert(member.to_owned(), value),
        Value::Array(items) => items[member.parse::<usize>().unwrap()] = value,
        _ => panic!("{place} is in no object or list"),
    }
    match parse_json::<DirDocument>(record.to_string().as_bytes()) {
        Err(problem) => vec![problem],
        Ok(document) => document.validate().err().as_ref().map(field_problems).unwrap_or_default(),
    }
}

#[test]
fn each_broken_rule_names_its_field_and_code_and_nothing_that_was_sent() {
    let long_line = "CANARY".repeat(40);
    let long_text = "CANARY".repeat(700);
    let row = |rank: u8, drug: &str| json!({"rank": rank, "drug": drug});
    let cases: Vec<(&str, Value, &str, &str)> = vec![
        // What cannot be read.
        ("/canary", json!("CANARY"), "canary", "unknown-member"),
        ("/health/aura", json!("CANARY"), "health.aura", "unknown-member"),
        ("/person/names/0/aura", json!("CANARY"), "person.names[0].aura", "unknown-member"),
        ("/health/gp", json!({"CANARY": 1}), "health.gp", "wrong-type"),
        ("/substance_use/alcohol_days", json!("CANARY"), "substance_use.alcohol_days", "wrong-type"),
        (
            "/substance_use/substances/1/route",
            json!("CANARY"),
            "substance_use.substances[1].route",
            "unknown-code",
        ),
        ("/substance_use/alcohol_days", json!(-1), "substance_use.alcohol_days", "out-of-range"),
        ("/person/date_of_birth", json!("1988-02-30"), "person.date_of_birth", "malformed"),
        ("/release/gate_at", json!("2026-06-03T09:15:27"), "release.gate_at", "malformed"),
        (
            "/continuity/blocks/0/addressed_to",
            json!("CANARY Street"),
            "continuity.blocks[0].addressed_to",
            "malformed",
        ),
        ("/continuity/blocks/0", json!({"tags": ["risk"]}), "continuity.blocks[0].text", "missing"),
        // What can be read and breaks a rule.
        ("/person/names/0/forename", json!(long_line), "person.names[0].forename", "too-long"),
        ("/person/names/0/forename", json!("CANARY\u{7}"), "person.names[0].forename", "control-character"),
        (
            "/person/names/0/forename",
            json!("CANARY\nCANARY"),
            "person.names[0].forename",
            "control-character",
        ),
        ("/person/names/0/surname", json!("  "), "person.names[0].surname", "blank"),
        ("/person/nhs_number", json!("9990001005"), "person.nhs_number", "nhs-number"),
        ("/person/pnc_id", json!("CANARY"), "person.pnc_id", "pnc-id"),
        ("/person/prison_number", json!("CANARY"), "person.prison_number", "prison-number"),
        ("/person/crn", json!("CANARY"), "person.crn", "crn"),
        ("/person/addresses/0/postcode", json!("CANARY"), "person.addresses[0].postcode", "postcode"),
        ("/person/phones/0/number", json!("CANARY"), "person.phones[0].number", "phone"),
        (
            "/person/addresses/0/lines",
            json!(["a", "CANARY\u{202e}"]),
            "person.addresses[0].lines",
            "control-character",
        ),
        ("/person/date_of_birth", json!("1066-10-14"), "person.date_of_birth", "implausible-date"),
        ("/person/date_of_birth", json!("2026-05-30"), "first_contact.contact_at", "order"),
        ("/first_contact/criteria", json!(["previous-test"]), "first_contact.criteria", "indirect-alone"),
        ("/first_contact/criteria", json!(["behaviour", "behaviour"]), "first_contact.criteria", "repeated"),
        ("/first_contact/test_result", json!("not-tested"), "first_contact.test_on", "contradiction"),
        ("/substance_use/alcohol_days", json!(29), "substance_use.alcohol_days", "range"),
        ("/substance_use/alcohol_units_per_day", json!(201), "substance_use.alcohol_units_per_day", "range"),
        (
            "/substance_use/substances/0/age_first_used",
            json!(0),
            "substance_use.substances[0].age_first_used",
            "range",
        ),
        ("/substance_use/substances/0/rank", json!(4), "substance_use.substances[0].rank", "range"),
        ("/substance_use/substances/1/rank", json!(1), "substance_use.substances", "rank-repeated"),
        (
            "/substance_use/substances",
            json!([row(1, "heroin"), row(2, "crack"), row(3, "cannabis"), row(3, "ketamine")]),
            "substance_use.substances",
            "length",
        ),
        (
            "/substance_use/substances",
            json!([row(1, "alcohol")]),
            "substance_use.substances",
            "alcohol-first",
        ),
        ("/substance_use/injecting", json!("never"), "substance_use.injecting", "contradiction"),
        (
            "/treatment/past_episodes/0/ended_on",
            json!("2020-01-01"),
            "treatment.past_episodes[0].ended_on",
            "order",
        ),
        ("/health/physical_health", json!(long_text), "health.physical_health", "too-long"),
        ("/health/due_on", json!("2026-09-01"), "health.due_on", "contradiction"),
        ("/offending/order_ends_on", json!("2026-06-02"), "offending.order_ends_on", "order"),
        ("/family/parental_status", json!("not-parent"), "", ""),
        ("/care_plan/review_on", json!("2026-05-19"), "care_plan.review_on", "order"),
        ("/continuity/blocks/0/tags", json!([]), "continuity.blocks[0].tags", "length"),
        ("/continuity/blocks/0/text", json!("CANARY\u{0}"), "continuity.blocks[0].text", "control-character"),
        ("/release/gate_at", json!("2026-06-04T09:15"), "release.gate_at", "order"),
        ("/release/last_dose_at", json!("2026-06-04T09:15"), "release.last_dose_at", "order"),
        ("/release/bridging_until", json!("2026-06-02"), "release.bridging_until", "order"),
    ];
    for (place, value, path, code) in cases {
        let problems = problems_after(place, value);
        if path.is_empty() {
            assert_eq!(problems, [], "{place} is allowed");
            continue;
        }
        let told: Vec<(&str, &str)> = problems.iter().map(|p| (p.path.as_str(), p.code)).collect();
        assert!(told.contains(&(path, code)), "{place}: {told:?}");
        assert!(problems.iter().all(|p| p.message != "breaks a rule"), "{place}: a rule without words");
        assert!(!serde_json::to_string(&problems).unwrap().contains("CANARY"), "{place}: {problems:?}");
    }
}

#[test]
fn every_problem_is_told_at_once() {
    let body = br#"{"person":{"crn":"7","nhs_number":"7"},"substance_use":{"alcohol_days":40}}"#;
    let errors = parse_json::<DirDocument>(body).unwrap().validate().unwrap_err();
    let paths: Vec<String> = field_problems(&errors).into_iter().map(|problem| problem.path).collect();
    assert_eq!(paths, ["person.crn", "person.nhs_number", "substance_use.alcohol_days"]);
}

#[test]
fn what_has_yet_to_happen_cannot_be_signed_as_done() {
    let document: DirDocument = parse_json(CEDAR.as_bytes()).unwrap();
    let problems = may_sign(&document, jiff::civil::date(2026, 5, 16)).unwrap_err();
    let told: Vec<(&str, &str)> = problems.iter().map(|p| (p.path.as_str(), p.code)).collect();
    assert_eq!(told, [("care_plan.agreed_on", "in-future"), ("release.last_dose_at", "in-future")]);
}

#[test]
fn a_working_name_alone_does_not_make_a_record_of_somebody() {
    let mut document: DirDocument = parse_json(CEDAR.as_bytes()).unwrap();
    document.person.names.retain(|name| name.kind == crate::domain::person::NameKind::Working);
    let problems = may_sign(&document, jiff::civil::date(2026, 6, 4)).unwrap_err();
    assert_eq!(problems.iter().map(|p| p.path.as_str()).collect::<Vec<_>>(), ["person.names"]);
}

#[test]
fn debug_output_of_a_record_tells_nothing() {
    let document: DirDocument = parse_json(CEDAR.as_bytes()).unwrap();
    assert_eq!(format!("{document:?} {:?}", document.person), "DirDocument(..) Person(..)");
}
