//! An invented consent for the tests of this module.

use std::sync::LazyLock;

use jiff::Timestamp;

use super::codes::{ConsentDecision, ConsentMethod, EndingEvent, GivenBy, Redisclosure};
use super::model::{ConsentGiven, ConsentRecord, Origin};
use crate::domain::referral::resting::SeenByRoute;
use crate::id::{AgencyId, RecordId};
use crate::policy::bundle::Bundle;
use crate::policy::engine::Engine;
use crate::vocabulary::{Purpose, Segment};

pub(super) fn agency(id: &str) -> AgencyId {
    id.parse().unwrap()
}

pub(super) fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// What the policies that come with the program let recipients of referrals see.
pub(super) fn seen() -> SeenByRoute<'static> {
    static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Bundle::embedded().unwrap()));
    SeenByRoute::under(&ENGINE)
}

/// When the tests take place.
pub(super) fn now() -> Timestamp {
    moment("2026-06-01T10:00:30Z")
}

/// Testa Alder lets Fallowgate's CARAT team pass on what Northmoor and Testhomes need.
pub(super) fn given() -> ConsentGiven {
    ConsentGiven {
        decision: ConsentDecision::Given,
        given_by: GivenBy::Client,
        capacity_confirmed: true,
        obtained_by: None,
        obtained_at: moment("2026-05-01T10:00:00Z"),
        method: ConsentMethod::Written,
        witness: None,
        evidence_hash: Some("0f".repeat(32)),
        form_version_uri: "urn:northmoor:consent-form:3".to_owned(),
        language: "en".to_owned(),
        interpreter_used: false,
        disclosing_agencies: vec![agency("fallowgate-carat")],
        recipients: vec![agency("northmoor-cjit"), agency("testhomes")],
        purposes: vec![Purpose::ContinuityOfCare],
        segments: vec![Segment::Identity, Segment::Housing, Segment::SexWork],
        exclusions: Vec::new(),
        data_from: None,
        data_to: None,
        not_before: moment("2026-05-01T10:00:00Z"),
        expires_at: moment("2027-05-01T10:00:00Z"),
        expires_on_event: EndingEvent::TransferComplete,
        seen_alone: true,
        present: Vec::new(),
        refusal_explained: true,
        redisclosure: Redisclosure::Prohibited,
        supersedes: None,
    }
}

pub(super) fn record(terms: ConsentGiven) -> ConsentRecord {
    terms.into_record(Origin {
        id: RecordId::random(),
        agency: agency("eastvale-cjit"),
        entered_by: "worker-one".parse().unwrap(),
        recorded_at: moment("2026-05-01T10:05:00Z"),
        supersedes: None,
    })
}
