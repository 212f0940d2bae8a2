//! What a deferral holds back, and for how long.

use jiff::civil::date;
use proptest::prelude::*;

use super::*;

const DAY: SignedDuration = SignedDuration::from_hours(24);

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn proposed() -> DeferralProposed {
    DeferralProposed {
        ground: DeferralGround::Crime,
        reason: "an operation is under way".to_owned(),
        purposes: vec![Purpose::OffenderManagement],
        since: date(2026, 6, 1),
        until: date(2026, 6, 30),
    }
}

fn deferral() -> DeferralRecord {
    DeferralRecord {
        proposed: proposed(),
        since: moment("2026-05-31T23:00:00Z"),
        ends: moment("2026-06-30T23:00:00Z"),
        by: "officer-one".parse().unwrap(),
        at: moment("2026-06-02T10:00:00Z"),
        approval: None,
        lifting: None,
    }
}

fn approval(by: &str, at: &str) -> Approval {
    Approval { by: by.parse().unwrap(), at: moment(at) }
}

fn in_force() -> DeferralRecord {
    deferral().approved(approval("guardian-two", "2026-06-03T10:00:00Z")).unwrap()
}

fn act(purpose: Purpose, recorded_at: &str) -> Act {
    Act { purpose: Some(purpose), recorded_at: moment(recorded_at), about_deferral: false }
}

#[test]
fn it_holds_back_what_it_covers_until_its_last_day_is_over() {
    let (deferral, covered) = (in_force(), act(Purpose::OffenderManagement, "2026-06-01T09:00:00Z"));
    assert!(deferral.holds_back(&covered, moment("2026-06-30T22:59:59Z")));
    assert!(!deferral.holds_back(&covered, moment("2026-06-30T23:00:00Z")), "it ends by itself");
    let now = moment("2026-06-10T09:00:00Z");
    for uncovered in [
        act(Purpose::CourtOrStatutory, "2026-06-01T09:00:00Z"),
        act(Purpose::Treatment, "2026-06-01T09:00:00Z"),
        act(Purpose::OffenderManagement, "2026-05-31T22:59:59Z"),
        Act { purpose: None, ..covered },
    ] {
        assert!(!deferral.holds_back(&uncovered, now), "{uncovered:?}");
    }
}

#[test]
fn a_proposal_holds_back_nothing_but_itself_and_not_for_long() {
    let (covered, now) =
        (act(Purpose::OffenderManagement, "2026-06-02T11:00:00Z"), moment("2026-06-04T10:00:00Z"));
    let procedure = Act { about_deferral: true, ..covered };
    assert_eq!(deferral().state(now), DeferralState::Proposed);
    assert!(!deferral().holds_back(&covered, now) && deferral().holds_back(&procedure, now));
    let later = moment("2026-06-09T10:00:00Z");
    assert_eq!(deferral().state(later), DeferralState::Lapsed);
    assert!(!deferral().holds_back(&procedure, later));
    let late = deferral().approved(approval("guardian-two", "2026-06-09T10:00:00Z"));
    assert_eq!(late, Err(NotTaken::NotFromHere), "what has lapsed is proposed again");
}

#[test]
fn who_proposed_it_does_not_approve_it_and_nobody_does_twice() {
    let same = deferral().approved(approval("officer-one", "2026-06-03T10:00:00Z"));
    assert_eq!(same, Err(NotTaken::SameWorker));
    let again = in_force().approved(approval("guardian-three", "2026-06-04T10:00:00Z"));
    assert_eq!(again, Err(NotTaken::NotFromHere));
}

#[test]
fn it_is_lifted_once_and_only_while_there_is_something_to_lift() {
    let lifting = |at: &str| Lifting {
        by: "guardian-two".parse().unwrap(),
        at: moment(at),
        reason: "the operation is over".to_owned(),
    };
    let lifted = in_force().lifted(lifting("2026-06-10T10:00:00Z")).unwrap();
    let covered = act(Purpose::OffenderManagement, "2026-06-02T11:00:00Z");
    assert!(!lifted.holds_back(&covered, moment("2026-06-10T10:00:01Z")));
    assert_eq!(lifted.lifted(lifting("2026-06-11T10:00:00Z")), Err(NotTaken::NotFromHere));
    assert_eq!(in_force().lifted(lifting("2026-07-01T10:00:00Z")), Err(NotTaken::NotFromHere));
    assert!(deferral().lifted(lifting("2026-06-02T11:00:00Z")).is_ok(), "a proposal is taken back");
}

#[test]
fn its_days_are_bounded() {
    let today = date(2026, 6, 2);
    let faults = |change: fn(&mut DeferralProposed)| {
        let mut proposed = proposed();
        change(&mut proposed);
        let found = proposed.check(today).err().unwrap_or_default();
        found.into_iter().map(|fault| fault.field).collect::<Vec<_>>()
    };
    assert!(faults(|_| {}).is_empty());
    assert!(faults(|proposed| proposed.until = date(2026, 9, 2)).is_empty());
    assert_eq!(faults(|proposed| proposed.until = date(2026, 9, 3)), ["until"]);
    assert_eq!(faults(|proposed| proposed.until = date(2026, 6, 1)), ["until"]);
    assert_eq!(faults(|proposed| proposed.since = date(2026, 6, 3)), ["since"]);
    assert_eq!(faults(|proposed| proposed.since = date(2026, 3, 1)), ["since"]);
}

#[test]
fn what_was_done_in_care_can_not_be_proposed() {
    for purposes in [
        vec![Purpose::Treatment],
        vec![Purpose::OffenderManagement, Purpose::SubjectAccess],
        vec![Purpose::VitalInterests],
        vec![Purpose::Safeguarding, Purpose::Safeguarding],
        vec![],
    ] {
        let proposed = DeferralProposed { purposes, ..proposed() };
        assert!(proposed.validate().is_err(), "{proposed:?}");
    }
    assert!(proposed().validate().is_ok());
}

proptest! {
    #[test]
    fn nothing_is_held_back_without_two_workers_and_an_end(
        purposes in prop::sample::subsequence(Purpose::ALL, 0..=Purpose::ALL.len()),
        purpose in prop::sample::select(Purpose::ALL),
        approver in prop::option::of(prop::sample::select(vec!["officer-one", "guardian-two"])),
        approved_after in 0_i32..20, recorded_after in -40_i32..40, asked_after in 0_i32..200,
    ) {
        let mut deferral = deferral();
        deferral.proposed.purposes = purposes;
        let after = |days: i32| deferral.at + DAY * days;
        let (approved_at, recorded_at, now) = (after(approved_after), after(recorded_after), after(asked_after));
        let act = Act { purpose: Some(purpose), recorded_at, about_deferral: false };
        let approved = approver.map(|by| {
            deferral.approved(Approval { by: by.parse().unwrap(), at: approved_at })
        });
        let held = match &approved {
            Some(Ok(approved)) => approved.holds_back(&act, now),
            Some(Err(_)) | None => deferral.holds_back(&act, now),
        };
        if held {
            prop_assert_eq!(approver, Some("guardian-two"));
            prop_assert!(is_deferrable(purpose) && now < deferral.ends && recorded_at >= deferral.since);
        }
    }
}

crate::domain::walks!(
    Deferral,
    no_walk_defers_by_one_worker_alone_or_for_longer,
    ["proposed approved", "proposed lifted", "in-force lifted"].map(str::to_owned)
);

proptest! {
    #[test]
    fn no_walk_defers_by_one_worker_alone_or_for_longer(
        walk in prop::collection::vec((any::<bool>(), any::<bool>(), 0_i32..6), 1..20),
    ) {
        let mut deferral = deferral();
        let mut now = deferral.at;
        for (approves, by_the_same, days) in walk {
            now += DAY * days;
            let before = deferral.clone();
            let by = if by_the_same { "officer-one" } else { "guardian-two" }.parse().unwrap();
            let next = if approves {
                before.approved(Approval { by, at: now })
            } else {
                before.lifted(Lifting { by, at: now, reason: "over".to_owned() })
            };
            if let Ok(next) = next {
                prop_assert!(matches!(before.state(now), DeferralState::Proposed | DeferralState::InForce));
                let step = if approves { "approved" } else { "lifted" };
                crate::domain::walked::took(format_args!("{} {step}", before.state(now)));
                prop_assert!(next != before, "a change without a trace");
                prop_assert_eq!((next.since, next.ends), (before.since, before.ends));
                prop_assert!(before.approval.is_none() || next.approval == before.approval, "approved once");
                deferral = next;
            }
            if deferral.state(now) == DeferralState::InForce {
                prop_assert!(now < deferral.ends && deferral.lifting.is_none());
                prop_assert!(deferral.approval.as_ref().is_some_and(|approval| approval.by != deferral.by));
            }
            prop_assert!(deferral.lifting.is_none() || deferral.state(now) == DeferralState::Lifted);
        }
    }
}
