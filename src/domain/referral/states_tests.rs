//! The state machine of a referral, looked at from every state, step and side.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::super::fixture::{
    FAVOURABLE, agency, along, body_for, draft, friday, request, take, take_with, text,
};
use super::*;
use crate::domain::referral::model::{ReferralRequest, Route, Slot, Urgency};
use crate::id::RecordId;

#[test]
fn what_the_table_does_not_list_is_refused_and_changes_nothing() {
    for &state in ReferralState::ALL {
        for &transition in Transition::ALL {
            for side in [Side::Sender, Side::Recipient, Side::System] {
                let mut record = along(&[Transition::Send]);
                record.state = state;
                record.due = record.due.map(|due| Due { expires_after: Some(Timestamp::UNIX_EPOCH), ..due });
                let rule = transition.rule();
                let listed = rule.from.contains(&state) && rule.sides.contains(&side);
                let taken = take(&record, transition, side);
                assert_eq!(taken.is_ok(), listed, "{state} {transition} {side:?}");
                if let Ok(next) = taken {
                    assert_eq!((next.state, next.version), (rule.to, record.version + 1));
                }
            }
        }
    }
}

#[test]
fn nothing_leaves_a_terminal_state() {
    for transition in Transition::ALL {
        assert!(transition.rule().from.iter().all(|state| !state.is_terminal()), "{transition}");
    }
}

#[test]
fn every_state_is_reachable_and_every_open_one_can_end() {
    let mut reached = BTreeSet::from([ReferralState::Draft]);
    for _ in ReferralState::ALL {
        let rules = Transition::ALL.iter().map(|transition| transition.rule());
        let next: Vec<_> = rules.filter(|rule| rule.from.iter().any(|from| reached.contains(from))).collect();
        reached.extend(next.iter().map(|rule| rule.to));
    }
    assert_eq!(reached, ReferralState::ALL.iter().copied().collect());
    for state in ReferralState::ALL.iter().filter(|state| !state.is_terminal()) {
        let ends = |step: &&Transition| step.rule().to.is_terminal() && step.rule().from.contains(state);
        assert!(Transition::ALL.iter().any(|step| ends(&step)), "{state}");
    }
}

#[test]
fn each_step_needs_its_fields_and_takes_no_other() {
    let received = along(&[Transition::Send, Transition::Acknowledge]);
    let empty = TransitionBody::default();
    let refused = take_with(&received, Transition::Reject, &empty, Side::Recipient, friday(), FAVOURABLE);
    assert_eq!(refused, Err(InvalidTransition::Missing(BodyField::RejectionReason)));
    let body = TransitionBody { reason: Some("moved".to_owned()), ..body_for(Transition::Accept) };
    let refused = take_with(&received, Transition::Accept, &body, Side::Recipient, friday(), FAVOURABLE);
    assert_eq!(refused, Err(InvalidTransition::NotTaken(BodyField::Reason)));
}

#[test]
fn a_return_says_why_and_either_what_is_missing_or_where_it_belongs() {
    let received = along(&[Transition::Send, Transition::Acknowledge]);
    let give_back = |reason, missing: Option<&str>, belongs: Option<&str>| {
        let body = TransitionBody {
            return_reason: Some(reason),
            information_requested: missing.map(str::to_owned),
            recipient: belongs.map(agency),
            ..TransitionBody::default()
        };
        take_with(&received, Transition::Return, &body, Side::Recipient, friday(), FAVOURABLE)
    };
    let (missing, belongs) = (Some("last dose"), Some("eastvale-cjit"));
    let (words, place) = (
        InvalidTransition::NotFitting(BodyField::InformationRequested),
        InvalidTransition::NotFitting(BodyField::Recipient),
    );
    assert!(give_back(ReturnReason::MoreInformation, missing, None).is_ok());
    assert_eq!(give_back(ReturnReason::MoreInformation, None, None), Err(words));
    assert_eq!(give_back(ReturnReason::MoreInformation, missing, belongs), Err(place));
    assert_eq!(give_back(ReturnReason::OutOfArea, missing, belongs), Err(words));
    assert_eq!(give_back(ReturnReason::OutOfArea, None, Some("northmoor-cjit")), Err(place));
    assert_eq!(give_back(ReturnReason::WrongService, None, Some("fallowgate-carat")), Err(place));
    assert!(give_back(ReturnReason::OutOfArea, None, None).is_ok());
    let returned = give_back(ReturnReason::OutOfArea, None, belongs).unwrap();
    assert_eq!(returned.findings.belongs_with, Some(agency("eastvale-cjit")));
    let again = take(&returned, Transition::Resend, Side::Sender).unwrap();
    assert_eq!(
        (again.state, again.next_due()),
        (ReferralState::Requested, along(&[Transition::Send]).next_due())
    );
    let received = take(&again, Transition::Acknowledge, Side::Recipient).unwrap();
    let waits = TransitionBody {
        return_reason: Some(ReturnReason::MoreInformation),
        information_requested: missing.map(str::to_owned),
        ..TransitionBody::default()
    };
    let asked =
        take_with(&received, Transition::Return, &waits, Side::Recipient, friday(), FAVOURABLE).unwrap();
    assert_eq!(asked.findings.belongs_with, None, "nothing is left of the return before");
}

#[test]
fn it_goes_on_only_elsewhere_and_by_consent_and_no_anonymous_slot_does() {
    let received = along(&[Transition::Send, Transition::Acknowledge]);
    let reroute = |record: &ReferralRecord, body: &TransitionBody, circumstances| {
        take_with(record, Transition::Reroute, body, Side::Recipient, friday(), circumstances)
    };
    let body = body_for(Transition::Reroute);
    let gone = reroute(&received, &body, FAVOURABLE).unwrap();
    assert_eq!(
        (gone.state, gone.responsible(), gone.next_due()),
        (ReferralState::Rerouted, Side::Sender, None)
    );
    let silent = Circumstances { consent_effective: false, ..FAVOURABLE };
    assert_eq!(reroute(&received, &body, silent), Err(InvalidTransition::NoConsent));
    let anonymous = ReferralRecord { anonymous: true, ..received.clone() };
    assert_eq!(reroute(&anonymous, &body, FAVOURABLE), Err(InvalidTransition::NoConsent));
    let back = TransitionBody { recipient: Some(received.sender.clone()), ..body.clone() };
    assert_eq!(
        reroute(&received, &back, FAVOURABLE),
        Err(InvalidTransition::NotFitting(BodyField::Recipient))
    );
    let waiting = TransitionBody { return_reason: Some(ReturnReason::MoreInformation), ..body };
    assert_eq!(
        reroute(&received, &waiting, FAVOURABLE),
        Err(InvalidTransition::NotFitting(BodyField::ReturnReason))
    );
}

#[test]
fn a_failure_is_not_a_completion() {
    let working = along(&[Transition::Send, Transition::Acknowledge, Transition::Accept, Transition::Start]);
    let body = body_for(Transition::Fail);
    let refused = take_with(&working, Transition::Complete, &body, Side::Recipient, friday(), FAVOURABLE);
    assert_eq!(refused, Err(InvalidTransition::NotFitting(BodyField::Outcome)));
}

#[test]
fn sending_needs_a_check_a_consent_and_no_other_open_one() {
    let send = |record: &ReferralRecord, circumstances| {
        take_with(record, Transition::Send, &TransitionBody::default(), Side::Sender, friday(), circumstances)
    };
    let named = draft(Urgency::Routine);
    let unchecked = Circumstances { caseload_checked: false, ..FAVOURABLE };
    let without_consent = Circumstances { consent_effective: false, ..FAVOURABLE };
    let second = Circumstances { another_open: true, ..FAVOURABLE };
    assert_eq!(send(&named, unchecked), Err(InvalidTransition::NoCaseloadCheck));
    assert_eq!(send(&named, without_consent), Err(InvalidTransition::NoConsent));
    assert_eq!(send(&named, second), Err(InvalidTransition::AnotherOpen));
    let anonymous = ReferralRecord { anonymous: true, ..named };
    let sent = send(&anonymous, without_consent).unwrap();
    assert_eq!(sent.person_for(Side::Recipient), None);
    assert_eq!(sent.person_for(Side::Sender), Some(sent.person));
}

#[test]
fn an_anonymous_slot_carries_nothing_that_names_anybody() {
    let mut slot = ReferralRequest { anonymous: true, ..request(Urgency::Urgent) };
    let fields = |request: &ReferralRequest| {
        let found = request.check(&agency("fallowgate-carat")).err().unwrap_or_default();
        found.iter().map(|fault| fault.field).collect::<Vec<_>>()
    };
    assert_eq!(fields(&slot), ["dirs", "slot", "release", "pick_up_wanted"]);
    (slot.dirs, slot.release, slot.pick_up_wanted) = (Vec::new(), None, false);
    slot.slot = Some(Slot { at: friday(), place: "Northmoor day centre".to_owned() });
    assert!(fields(&slot).is_empty());
    assert!(fields(&request(Urgency::ReleaseCritical)).is_empty());
    let undated = ReferralRequest { release: None, ..request(Urgency::ReleaseCritical) };
    assert_eq!(fields(&undated), ["release", "urgency"]);
}

#[test]
fn on_friday_at_ten_to_five_the_clocks_run_in_the_receivers_hours() {
    let due = |urgency| take(&draft(urgency), Transition::Send, Side::Sender).unwrap().due.unwrap();
    let critical = due(Urgency::ReleaseCritical);
    assert_eq!(text(Some(critical.ack_due)), "2026-06-15T10:50:00");
    assert_eq!(text(Some(critical.decision_due)), "2026-06-15T12:50:00");
    // From the release on Tuesday at half past ten.
    assert_eq!(text(Some(critical.contact_due)), "2026-06-17T10:30:00");
    let routine = due(Urgency::Routine);
    assert_eq!(text(Some(routine.ack_due)), "2026-06-15T23:59:00");
    assert_eq!(text(Some(routine.decision_due)), "2026-06-19T23:59:00");
    assert_eq!(text(Some(routine.contact_due)), "2026-06-30T23:59:00");
}

#[test]
fn it_expires_only_after_deadline_and_grace() {
    let sent = along(&[Transition::Send]);
    let after = sent.due.unwrap().expires_after;
    assert_eq!(text(after), "2026-06-22T23:59:00");
    let expire =
        |now| take_with(&sent, Transition::Expire, &TransitionBody::default(), Side::System, now, FAVOURABLE);
    assert_eq!(expire(after.unwrap()), Err(InvalidTransition::NotNow));
    assert!(expire(after.unwrap() + SignedDuration::from_secs(1)).is_ok());
    let accepted = along(&[Transition::Send, Transition::Acknowledge, Transition::Accept]);
    assert_eq!(accepted.due.unwrap().expires_after, None);
}

#[test]
fn a_correction_is_possible_for_a_day() {
    let correct = |hours| {
        let now = friday() + SignedDuration::from_hours(hours);
        let body = TransitionBody::default();
        take_with(&along(&[Transition::Send]), Transition::Correct, &body, Side::Sender, now, FAVOURABLE)
    };
    assert!(correct(24).is_ok());
    assert_eq!(correct(25), Err(InvalidTransition::NotNow));
}

#[test]
fn responsibility_moves_with_the_first_contact_and_until_then_the_sender_chases() {
    use Transition::{Accept, Acknowledge, Complete, Send, Start};
    assert!(!draft(Urgency::Routine).sender_must_chase());
    for steps in [&[Send][..], &[Send, Acknowledge], &[Send, Acknowledge, Accept]] {
        let record = along(steps);
        assert!(record.responsible() == Side::Sender && record.sender_must_chase());
    }
    for steps in [&[Send, Acknowledge, Accept, Start][..], &[Send, Acknowledge, Accept, Start, Complete]] {
        let record = along(steps);
        assert!(record.responsible() == Side::Recipient && !record.sender_must_chase());
    }
}

#[test]
fn a_recipient_never_sees_a_draft() {
    let recipient = agency("northmoor-cjit");
    assert_eq!(draft(Urgency::Routine).side_of(&recipient), None);
    assert_eq!(along(&[Transition::Cancel]).side_of(&recipient), None);
    assert_eq!(along(&[Transition::Send, Transition::Cancel]).side_of(&recipient), Some(Side::Recipient));
    assert_eq!(along(&[Transition::Send]).side_of(&agency("northmoor-police")), None);
}

#[test]
fn one_open_referral_for_each_person_sender_and_service() {
    let open = along(&[Transition::Send]);
    let second = ReferralRecord { id: RecordId::random(), ..open.clone() };
    assert!(another_open(&second, [&open]));
    assert!(!another_open(&open, [&open]));
    let closed = ReferralRecord { state: ReferralState::Rejected, ..open.clone() };
    let drafted = ReferralRecord { state: ReferralState::Draft, ..open.clone() };
    let into_prison = ReferralRecord { route: Route::CjitToCarat, ..open };
    assert!(!another_open(&second, [&closed, &drafted, &into_prison]));
}

/// Each step from each state that allows it, by each side that may take it.
fn all() -> impl Iterator<Item = String> {
    Transition::ALL.iter().flat_map(|transition| {
        let rule = transition.rule();
        let by = move |from: &ReferralState| {
            let from = *from;
            rule.sides.iter().map(move |side| format!("{from} {transition} {side:?}"))
        };
        rule.from.iter().flat_map(by)
    })
}

const NOT_LATE: &str = "all is done on one day in these walks, so that no deadline passes";

crate::domain::walks!(
    Referral,
    any_walk_stays_in_the_table_and_counts_its_steps,
    all(),
    never: [
        ("requested expire System", NOT_LATE),
        ("received expire System", NOT_LATE),
        ("returned expire System", NOT_LATE)
    ]
);

/// A step that the table allows from a state and that leads on, or to an end, and who may take it; of several the one at `turn`.
fn allowed(from: ReferralState, turn: usize, leads_on: bool) -> Option<(Transition, Side)> {
    let is_meant =
        |step: &&Transition| step.rule().from.contains(&from) && step.rule().to.is_terminal() != leads_on;
    let steps = Transition::ALL.iter().filter(is_meant);
    let taken: Vec<_> =
        steps.flat_map(|step| step.rule().sides.iter().map(move |side| (*step, *side))).collect();
    (!taken.is_empty()).then(|| taken[turn % taken.len()])
}

proptest! {
    #[test]
    fn any_walk_stays_in_the_table_and_counts_its_steps(
        walk in prop::collection::vec((0..Transition::ALL.len(), 0usize..3, prop::bool::weighted(0.2), prop::bool::weighted(0.8)), 0..25),
    ) {
        let sides = [Side::Sender, Side::Recipient, Side::System];
        let mut record = draft(Urgency::Urgent);
        for (step, side, strays, leads_on) in walk {
            let was_terminal = record.state.is_terminal();
            let any = (Transition::ALL[step], sides[side]);
            let (step, side) = allowed(record.state, step, leads_on).filter(|_| !strays).unwrap_or(any);
            if let Ok(next) = take(&record, step, side) {
                crate::domain::walked::took(format_args!("{} {step} {side:?}", record.state));
                prop_assert!(!was_terminal);
                record = next;
            }
            prop_assert_eq!(usize::try_from(record.version).unwrap(), record.history.len() + 1);
            prop_assert_eq!(record.history.last().map_or(ReferralState::Draft, |step| step.to), record.state);
        }
    }
}
