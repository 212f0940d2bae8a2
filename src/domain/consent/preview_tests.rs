//! What a preview shows, against the policies as they are.

use super::super::codes::{ConsentStatus, WithdrawalChannel};
use super::super::fixture::{agency, given, moment, now, record};
use super::super::model::{ConsentGiven, WithdrawalGiven};
use super::*;
use crate::calendar::Exceptions;
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
    previewed(consent, reader, at).lines
}

fn previewed(consent: &ConsentRecord, reader: &str, at: Timestamp) -> ConsentPreview {
    let policies = Engine::new(Bundle::embedded().unwrap());
    let directory = Directory::new(
        1,
        [
            enrolled("northmoor-cjit", AgencyType::Cjit),
            enrolled("fallowgate-carat", AgencyType::Carat),
            enrolled("testhomes", AgencyType::Housing),
            enrolled("lantern", AgencyType::SpecialistProject),
        ],
    )
    .unwrap();
    let (labels, calendar) = (
        LabelPack::open("england-now").unwrap(),
        Calendar::england_and_wales(Exceptions::default()).unwrap(),
    );
    let words = Words { labels: &labels, calendar: &calendar };
    preview(consent, &agency(reader), &policies, (&directory, &words), at)
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

#[test]
fn a_landlord_s_line_says_what_a_referral_to_housing_shows() {
    let consent = record(ConsentGiven {
        disclosing_agencies: vec![agency("northmoor-cjit")],
        recipients: vec![agency("testhomes")],
        purposes: vec![Purpose::HousingSupport],
        segments: vec![Segment::Housing, Segment::DrugUse],
        ..given()
    });
    let lines = shown(&consent, "eastvale-cjit", now());
    assert_eq!(lines[0].segments, [Segment::Housing], "{lines:?}");
}

#[test]
fn the_words_say_what_each_could_see_until_when_and_what_not() {
    let consent = record(ConsentGiven {
        disclosing_agencies: vec![agency("northmoor-cjit")],
        recipients: vec![agency("testhomes")],
        purposes: vec![Purpose::HousingSupport, Purpose::Treatment],
        segments: vec![Segment::Housing, Segment::DrugUse, Segment::SexWork],
        exclusions: vec![agency("lantern")],
        ..given()
    });
    let preview = previewed(&consent, "eastvale-cjit", now());
    assert_eq!(
        preview.recipients[0].says,
        [
            "For helping you with housing, it could see: your housing.",
            "For your treatment, it could see nothing.",
            "It could not see this, although it stands in the form: your drug use.",
            "It could see nothing else that is held about you.",
        ]
    );
    assert_eq!(
        preview.conditions,
        [
            "It would come from: The northmoor-cjit.",
            "It counts until 1 May 2027, or with a service that you are sent to until you have arrived there, if that comes first.",
            "Who is shown something must not pass it on.",
            "Whatever else you agree to, these are shown nothing: The lantern.",
        ]
    );
    assert!(preview.taking_back.iter().any(|words| words.contains("eviction")), "{preview:?}");
    assert!(!preview.taking_back.iter().any(|words| words.contains("gate")), "{preview:?}");
}

#[test]
fn a_recipient_is_told_of_nobody_else() {
    let consent = record(ConsentGiven { exclusions: vec![agency("lantern")], ..given() });
    let preview = previewed(&consent, "testhomes", now());
    let words = serde_json::to_string(&preview).unwrap();
    for other in ["northmoor-cjit", "lantern", "fallowgate-carat", "eastvale-cjit"] {
        assert!(!words.contains(other), "{other}: {words}");
    }
}

#[test]
fn on_paper_stands_nothing_that_tells_something_by_itself() {
    let consent = record(ConsentGiven {
        disclosing_agencies: vec![agency("northmoor-cjit")],
        recipients: vec![agency("lantern")],
        segments: vec![Segment::Identity, Segment::SexWork],
        ..given()
    });
    let preview = previewed(&consent, "eastvale-cjit", now());
    let lantern = &preview.recipients[0];
    assert_eq!((lantern.recipient_name.as_str(), &lantern.name_on_paper), ("The lantern", &None));
    let excluded = record(ConsentGiven { exclusions: vec![agency("lantern")], ..given() });
    let paper = previewed(&excluded, "eastvale-cjit", now()).conditions_on_paper;
    assert!(paper.iter().any(|words| words.contains(A_SERVICE)), "{paper:?}");
    assert!(!paper.iter().any(|words| words.contains("lantern")), "{paper:?}");
    assert!(!lantern.says_on_paper.iter().any(|words| words.contains("sex work")), "{lantern:?}");
}

#[test]
fn every_sentence_can_be_read_out() {
    for purpose in Purpose::ALL {
        let consent = record(ConsentGiven {
            purposes: vec![*purpose],
            segments: Segment::ALL.to_vec(),
            data_from: Some("2026-01-01".parse().unwrap()),
            not_before: moment("2026-05-01T10:00:00Z"),
            ..given()
        });
        let preview = previewed(&consent, "eastvale-cjit", now());
        let of_recipients = preview.recipients.iter().flat_map(|recipient| &recipient.says);
        let sentences = of_recipients.chain(&preview.conditions).map(String::as_str);
        for sentence in sentences.chain(preview.taking_back.iter().copied()) {
            let is_plain = sentence.ends_with('.') && !sentence.contains("  ") && !sentence.contains('_');
            assert!(is_plain && !sentence.contains("-of-") && !sentence.contains("-use"), "{sentence}");
        }
    }
}
