//! What a withdrawal ends of what landlords and resettlement workers are told, and what is asked before.

use std::sync::Arc;

use jiff::civil::date;

use super::super::codes::WithdrawalChannel;
use super::super::effects::Clocks;
use super::super::fixture::{agency, given, now, record};
use super::super::model::{ConsentGiven, WithdrawalGiven};
use super::super::why::Why;
use super::*;
use crate::calendar::{Calendar, Exceptions};
use crate::domain::housing::codes::Attending;
use crate::domain::housing::hold::Attestation;
use crate::domain::housing::items::{AgreedRisks, SixItems, SupportNeeds};
use crate::domain::referral::deadlines::DeadlineTable;
use crate::domain::result::model::Finding;
use crate::id::WorkerId;

/// A consent that the CJIT took for itself: Testhomes, and the resettlement team, are told.
fn consent(purpose: Purpose, segments: &[Segment]) -> ConsentRecord {
    let terms = ConsentGiven {
        disclosing_agencies: vec![agency("northmoor-cjit")],
        recipients: vec![agency("testhomes"), agency("northmoor-resettlement")],
        purposes: vec![purpose],
        segments: segments.to_vec(),
        ..given()
    };
    ConsentRecord { agency: agency("northmoor-cjit"), ..record(terms) }
}

fn closing(consent: &ConsentRecord, struck: &str) -> Closing<'static> {
    let given = WithdrawalGiven {
        channel: WithdrawalChannel::InPerson,
        said_at: None,
        reason: None,
        only_recipients: Some(vec![agency(struck)]),
        urgent_effects_confirmed: false,
    };
    Closing {
        why: Why::TakenBack(given, Some(consent.id)),
        by: by(),
        now: now(),
        clocks: Clocks {
            calendar: Arc::new(Calendar::england_and_wales(Exceptions::default()).unwrap()),
            deadlines: Arc::new(DeadlineTable::default()),
        },
        seen: super::super::fixture::seen(),
    }
}

fn by() -> (AgencyId, WorkerId) {
    (agency("northmoor-cjit"), "worker-one".parse().unwrap())
}

fn referral(state: HousingState) -> HousingRecord {
    let text = || "as agreed".to_owned();
    HousingRecord {
        version: 1,
        sender: by(),
        provider: agency("testhomes"),
        sent_at: now(),
        items: Some(SixItems {
            housing_history: text(),
            independent_living_skills: text(),
            vacancy_suitability: text(),
            support_needs: SupportNeeds { needs: text(), from_day_one: true },
            team_support: text(),
            risks: AgreedRisks { risks: text(), agreed_on: date(2026, 6, 1) },
        }),
        homelessness: None,
        state,
        move_in_on: (state == HousingState::PlacementAgreed).then(|| date(2026, 6, 20)),
        declined_because: None,
        risks: Vec::new(),
    }
}

fn hold() -> HoldRecord {
    let said = Attestation { attending: Attending::Yes, by: by().1, at: now() };
    HoldRecord { provider: agency("testhomes"), attested: vec![said], ended_at: None }
}

fn code(result: Result<(), Problem>) -> &'static str {
    result.map_or_else(|problem| problem.errors[0].code, |()| "confirmed")
}

#[test]
fn what_the_landlord_may_not_be_told_any_more_is_over() {
    let consent = consent(Purpose::HousingSupport, &[Segment::Housing, Segment::Risk, Segment::Attendance]);
    let consents = std::slice::from_ref(&consent);
    let withdrawal = closing(&consent, "testhomes");
    for state in [HousingState::Sent, HousingState::PlacementAgreed] {
        let next = withdrawal.housing_after(&referral(state), consents).unwrap();
        assert_eq!((next.state, next.version), (HousingState::Withdrawn, 2));
    }
    let declined = referral(HousingState::Declined);
    assert_eq!(withdrawal.housing_after(&declined, consents), Err(Untouched));
    let ended = withdrawal.hold_after((&agency("northmoor-cjit"), &hold()), consents).unwrap();
    assert_eq!((ended.ended_at, ended.answer()), (Some(now()), None));
    let elsewhere = closing(&consent, "northmoor-resettlement");
    assert_eq!(elsewhere.housing_after(&referral(HousingState::Sent), consents), Err(Untouched));
}

#[test]
fn what_another_consent_still_lets_pass_goes_on() {
    let both = consent(Purpose::HousingSupport, &[Segment::Housing, Segment::Risk]);
    let risks = consent(Purpose::HousingSupport, &[Segment::Risk]);
    let withdrawal = closing(&both, "testhomes");
    let sent = referral(HousingState::Sent);
    assert_eq!(withdrawal.housing_after(&sent, &[both.clone(), risks]), Err(Untouched));
    let for_another_purpose = consent(Purpose::ContinuityOfCare, &[Segment::Housing]);
    assert!(withdrawal.housing_after(&sent, &[both, for_another_purpose]).is_ok());
}

#[test]
fn a_home_is_lost_by_it_only_if_she_was_told() {
    let consent = consent(Purpose::HousingSupport, &[Segment::Housing, Segment::Risk, Segment::Attendance]);
    let consents = std::slice::from_ref(&consent);
    let ask = |withdrawal: &Closing, homes: &[HousingRecord], holds: &[HoldRecord]| {
        let holds: Vec<_> = holds.iter().map(|hold| (agency("northmoor-cjit"), hold.clone())).collect();
        code(withdrawal.confirmed_housing(consents, homes, &holds))
    };
    let (sent, agreed) = (referral(HousingState::Sent), referral(HousingState::PlacementAgreed));
    let mut withdrawal = closing(&consent, "testhomes");
    assert_eq!(ask(&withdrawal, &[sent], &[]), "confirmed");
    assert_eq!(ask(&withdrawal, std::slice::from_ref(&agreed), &[]), "cancels-placement");
    assert_eq!(ask(&withdrawal, std::slice::from_ref(&agreed), &[hold()]), "ends-eviction-hold");
    let elsewhere = closing(&consent, "northmoor-resettlement");
    assert_eq!(ask(&elsewhere, std::slice::from_ref(&agreed), &[hold()]), "confirmed");
    if let Why::TakenBack(given, _) = &mut withdrawal.why {
        given.urgent_effects_confirmed = true;
    }
    assert_eq!(ask(&withdrawal, &[agreed], &[hold()]), "confirmed");
}

#[test]
fn a_result_that_its_worker_cannot_read_any_more_awaits_nobody() {
    let consent = consent(Purpose::Treatment, &[Segment::DrugTest]);
    let result = ResultRecord {
        class_a: Finding::Negative,
        cannabis: Finding::Positive,
        tested_on: date(2026, 6, 1),
        by: by(),
        at: now(),
        to: (agency("northmoor-resettlement"), "worker-two".parse().unwrap()),
    };
    let consents = std::slice::from_ref(&consent);
    assert_eq!(closing(&consent, "northmoor-resettlement").result_ends(&result, consents), Ok(()));
    assert_eq!(closing(&consent, "testhomes").result_ends(&result, consents), Err(Untouched));
}
