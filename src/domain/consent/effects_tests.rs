//! What a withdrawal touches, and what is asked before.

use jiff::SignedDuration;

use super::super::codes::{EndCause, WithdrawalChannel};
use super::super::fixture::{agency, given, moment, now, record, seen};
use super::super::model::ConsentGiven;
use super::super::why::Why;
use super::*;
use crate::calendar::Exceptions;
use crate::domain::referral::model::{Need, Origin, ReferralRequest, Release, Route};
use crate::id::{Handle, PersonId, RecordId};
use crate::vocabulary::Segment;

fn clocks() -> Clocks {
    Clocks {
        calendar: Arc::new(Calendar::england_and_wales(Exceptions::default()).unwrap()),
        deadlines: Arc::new(DeadlineTable::default()),
    }
}

fn taken_back(only: Option<&[&str]>) -> WithdrawalGiven {
    WithdrawalGiven {
        channel: WithdrawalChannel::Voice,
        said_at: None,
        reason: None,
        only_recipients: only.map(|ids| ids.iter().map(|id| agency(id)).collect()),
        urgent_effects_confirmed: false,
    }
}

fn closing(by: &str, consent: Option<&ConsentRecord>, only: Option<&[&str]>) -> Closing<'static> {
    Closing {
        why: Why::TakenBack(taken_back(only), consent.map(|consent| consent.id)),
        by: (agency(by), "worker-two".parse().unwrap()),
        now: now(),
        clocks: clocks(),
        seen: seen(),
    }
}

fn confirm(closing: &mut Closing<'_>) {
    if let Why::TakenBack(given, _) = &mut closing.why {
        given.urgent_effects_confirmed = true;
    }
}

/// A consent that the CARAT team took for itself.
fn own_consent() -> ConsentRecord {
    ConsentRecord { agency: agency("fallowgate-carat"), ..record(given()) }
}

fn referral(recipient: &str, urgency: Urgency, release: Option<&str>) -> ReferralRecord {
    let request = ReferralRequest {
        client_ref: Handle::random(),
        recipient: agency(recipient),
        route: Route::CaratToCjit,
        urgency,
        need: Need::Throughcare,
        anonymous: false,
        dirs: Vec::new(),
        release: release.map(|date| Release {
            date: Some(date.parse().unwrap()),
            time: None,
            prison: "HMP Fallowgate".to_owned(),
        }),
        slot: None,
        pick_up_wanted: false,
        summary: None,
        supervision: None,
    };
    let draft = request.into_draft(Origin {
        id: RecordId::random(),
        person: PersonId::random(),
        sender: agency("fallowgate-carat"),
        author: "worker-one".parse().unwrap(),
        created_at: now(),
        dirs: Vec::new(),
    });
    ReferralRecord { state: ReferralState::Received, ..draft }
}

/// The referral, with a record that says who she is and where she lives.
fn carrying(referral: &ReferralRecord) -> Carried<'_> {
    let records = [Segment::Identity, Segment::Housing].into_iter().collect();
    Carried { referral, records }
}

fn code(result: Result<(), Problem>) -> &'static str {
    result.map_or_else(|problem| problem.errors[0].code, |()| "confirmed")
}

#[test]
fn a_withdrawal_cancels_the_open_referral_that_rested_on_it() {
    let consent = own_consent();
    let sent = referral("northmoor-cjit", Urgency::Routine, None);
    let withdrawal = closing("fallowgate-carat", Some(&consent), None);
    let next = withdrawal.referral_after(carrying(&sent), std::slice::from_ref(&consent)).unwrap();
    assert_eq!((next.state, next.version), (ReferralState::Cancelled, 2));
    assert_eq!(next.findings.reason.as_deref(), Some("The person withdrew consent."));
    assert_eq!(next.history.last().unwrap().by, None);
}

#[test]
fn what_is_left_of_the_consents_keeps_a_referral_only_if_its_recipient_sees_something_by_it() {
    let consent = own_consent();
    let sent = referral("northmoor-cjit", Urgency::Routine, None);
    let of_nothing_it_carries =
        ConsentGiven { segments: vec![Segment::DrugTest, Segment::SexWork], ..given() };
    let left = ConsentRecord { agency: agency("fallowgate-carat"), ..record(of_nothing_it_carries) };
    let withdrawal = closing("fallowgate-carat", Some(&consent), None);
    let next = withdrawal.referral_after(carrying(&sent), &[consent, left]).unwrap();
    assert_eq!(next.state, ReferralState::Cancelled);
}

#[test]
fn what_rests_on_another_consent_or_on_none_goes_on() {
    let (consent, other) = (own_consent(), own_consent());
    let sent = referral("northmoor-cjit", Urgency::Routine, None);
    let withdrawal = closing("fallowgate-carat", Some(&consent), None);
    let both = [consent.clone(), other];
    assert_eq!(withdrawal.referral_after(carrying(&sent), &both), Err(Untouched));
    let alone = [consent.clone()];
    for untouched in [
        ReferralRecord { anonymous: true, ..sent.clone() },
        ReferralRecord { state: ReferralState::Draft, ..sent.clone() },
        ReferralRecord { state: ReferralState::InProgress, ..sent.clone() },
        ReferralRecord { state: ReferralState::Completed, ..sent.clone() },
        ReferralRecord { sender: agency("eastvale-cjit"), ..sent.clone() },
    ] {
        let after = withdrawal.referral_after(carrying(&untouched), &alone);
        assert_eq!(after, Err(Untouched), "{:?}", untouched.state);
    }
    let only_housing = closing("fallowgate-carat", Some(&consent), Some(&["testhomes"]));
    assert_eq!(only_housing.referral_after(carrying(&sent), &alone), Err(Untouched));
}

#[test]
fn withdrawing_everything_reaches_every_active_consent_and_no_other() {
    let all = closing("lantern", None, None);
    let (first, second) = (own_consent(), record(given()));
    assert!(all.consent_after(&first).is_ok() && all.consent_after(&second).is_ok());
    let ended = all.consent_after(&first).unwrap();
    assert_eq!(all.consent_after(&ended), Err(Untouched));
    let housing = closing("lantern", None, Some(&["testhomes"]));
    assert_eq!(housing.consent_after(&first).unwrap().terms.recipients, [agency("northmoor-cjit")]);
    let police = closing("lantern", None, Some(&["northmoor-police"]));
    assert_eq!(police.consent_after(&first), Err(Untouched));
}

#[test]
fn something_urgent_is_cancelled_only_when_the_person_holds_to_it() {
    let consents = [own_consent()];
    let withdrawal = closing("fallowgate-carat", Some(&consents[0]), None);
    let asked = |urgency, release| {
        let sent = referral("northmoor-cjit", urgency, release);
        code(withdrawal.confirmed(&consents, &[carrying(&sent)], &[]))
    };
    assert_eq!(asked(Urgency::Routine, None), "confirmed");
    assert_eq!(asked(Urgency::Urgent, None), "cancels-urgent-referral");
    assert_eq!(asked(Urgency::Routine, Some("2026-06-03")), "cancels-referral-before-release");
    assert_eq!(asked(Urgency::Routine, Some("2026-05-03")), "confirmed");
    assert_eq!(asked(Urgency::ReleaseCritical, None), "cancels-referral-before-release");
    let mut confirmed = withdrawal.clone();
    confirm(&mut confirmed);
    let urgent = referral("northmoor-cjit", Urgency::Urgent, None);
    assert_eq!(code(confirmed.confirmed(&consents, &[carrying(&urgent)], &[])), "confirmed");
}

#[test]
fn who_may_not_know_of_referrals_confirms_whether_there_are_any_or_none() {
    let consents = [own_consent()];
    let sent = referral("northmoor-cjit", Urgency::Urgent, Some("2026-06-03"));
    let urgent = [carrying(&sent)];
    for by in ["northmoor-cjit", "testhomes", "lantern"] {
        for consent in [Some(&consents[0]), None] {
            let withdrawal = closing(by, consent, None);
            let with = withdrawal.confirmed(&consents, &urgent, &[]).unwrap_err();
            assert_eq!(with, withdrawal.confirmed(&consents, &[], &[]).unwrap_err(), "{by}");
            assert_eq!(with.errors[0].code, "may-cancel-referrals");
        }
        assert_eq!(
            closing(by, None, None).confirmed(&[], &[], &[]).unwrap_err(),
            closing(by, None, None).confirmed(&consents, &urgent, &[]).unwrap_err()
        );
    }
}

#[test]
fn a_taker_that_is_no_side_of_a_referral_is_not_told_of_it() {
    let elsewhere = ConsentGiven {
        disclosing_agencies: vec![agency("fallowgate-carat"), agency("eastvale-cjit")],
        ..given()
    };
    let consents = [ConsentRecord { agency: agency("eastvale-cjit"), ..record(elsewhere) }];
    let sent = referral("northmoor-cjit", Urgency::Urgent, None);
    let urgent = [carrying(&sent)];
    let withdrawal = closing("eastvale-cjit", Some(&consents[0]), None);
    assert_eq!(code(withdrawal.confirmed(&consents, &urgent, &[])), "may-cancel-referrals");
    assert_eq!(code(withdrawal.confirmed(&consents, &[], &[])), "may-cancel-referrals");
}

#[test]
fn an_ended_consent_cannot_be_withdrawn_again() {
    let consent = own_consent();
    assert_eq!(is_active(&consent), Ok(()));
    let ended = closing("lantern", Some(&consent), None).consent_after(&consent).unwrap();
    assert_eq!(is_active(&ended).unwrap_err().problem, ProblemType::InvalidTransition);
}

#[test]
fn a_withdrawal_is_not_said_in_the_future() {
    let mut withdrawal = taken_back(None);
    assert_eq!(withdrawal.check(now()), Ok(()));
    withdrawal.said_at = Some(now() + SignedDuration::from_hours(1));
    assert!(withdrawal.check(now()).is_err());
    withdrawal.said_at = Some(moment("2026-05-30T10:00:00Z"));
    withdrawal.only_recipients = Some(vec![agency("testhomes"), agency("testhomes")]);
    assert_eq!(withdrawal.check(now()).unwrap_err()[0].field, "only_recipients");
}

#[test]
fn an_end_has_not_come_in_the_future() {
    let mut end = EndGiven {
        because: EndCause::EventHasCome,
        occurred_at: Some(now()),
        reason: None,
        urgent_effects_confirmed: false,
    };
    assert_eq!(end.check(now()), Ok(()));
    end.occurred_at = Some(now() + SignedDuration::from_hours(1));
    assert_eq!(end.check(now()).unwrap_err()[0].field, "occurred_at");
}

#[test]
fn what_an_arrival_ends_takes_along_what_rested_on_it_and_asks_nobody() {
    let consents = [own_consent()];
    let arrival = |at: &str| Closing {
        why: Why::Arrival { from: agency("fallowgate-carat"), at: agency(at) },
        ..closing(at, None, None)
    };
    let waiting = referral("northmoor-cjit", Urgency::Urgent, None);
    let carried = [carrying(&waiting)];
    assert_eq!(arrival("northmoor-cjit").confirmed(&consents, &carried, &[]), Ok(()));
    let next = arrival("northmoor-cjit").referral_after(carried[0], &consents).unwrap();
    assert_eq!(next.findings.reason.as_deref(), Some("The consent for it has come to its end."));
    assert_eq!(arrival("testhomes").referral_after(carried[0], &consents), Err(Untouched));
}
