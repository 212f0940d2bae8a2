//! Each step of a request: when it is possible, and what it leaves.

use jiff::ToSpan as _;
use jiff::civil::date;
use proptest::prelude::*;

use super::super::codes::{Authority, IdentityMeans};
use super::super::model::{DUE_MONTHS, SubjectAccessReceived};
use super::*;
use crate::calendar::Exceptions;
use crate::id::Handle;

fn calendar() -> Calendar {
    Calendar::england_and_wales(Exceptions::default()).unwrap()
}

fn check() -> IdentityCheck {
    IdentityCheck { means: IdentityMeans::PhotoDocument, seen_alone: true, authority_hash: None }
}

fn received() -> SubjectAccessRecord {
    SubjectAccessRecord {
        received_on: date(2026, 6, 1),
        due_on: due_on(&calendar(), date(2026, 6, 1), DUE_MONTHS),
        asked_by: AskedBy::Person,
        authority: None,
        by: "worker-one".parse().unwrap(),
        at: "2026-06-01T10:00:00Z".parse().unwrap(),
        identity: None,
        extension: None,
        end: None,
    }
}

fn take(
    record: &SubjectAccessRecord,
    step: SubjectAccessStep,
    body: &SubjectAccessStepBody,
    today: Date,
) -> Result<SubjectAccessRecord, NotTaken> {
    let (by, calendar) = ("officer-two".parse().unwrap(), calendar());
    let at = "2026-06-10T10:00:00Z".parse().unwrap();
    record.after(&Taken { step, body, by: &by, at, today, calendar: &calendar })
}

fn identity() -> SubjectAccessStepBody {
    SubjectAccessStepBody { identity: Some(check()), ..Default::default() }
}

fn answer() -> SubjectAccessStepBody {
    SubjectAccessStepBody { manner: Some(AnswerManner::InPerson), ..Default::default() }
}

fn extension() -> SubjectAccessStepBody {
    SubjectAccessStepBody { reason: Some("many services".to_owned()), ..Default::default() }
}

fn refusal(ground: RefusalGround) -> SubjectAccessStepBody {
    SubjectAccessStepBody { ground: Some(ground), reason: Some("as told".to_owned()), ..Default::default() }
}

const TODAY: Date = date(2026, 6, 10);

#[test]
fn a_request_is_answered_only_after_who_asks_was_identified() {
    let early = take(&received(), SubjectAccessStep::Answer, &answer(), TODAY);
    assert_eq!(early, Err(NotTaken::NotFromHere));
    let checked = take(&received(), SubjectAccessStep::IdentityCheck, &identity(), TODAY).unwrap();
    assert_eq!(checked.state(), SubjectAccessState::IdentityChecked);
    let answered = take(&checked, SubjectAccessStep::Answer, &answer(), TODAY).unwrap();
    assert_eq!(answered.state(), SubjectAccessState::Answered);
    for (step, body) in [
        (SubjectAccessStep::IdentityCheck, identity()),
        (SubjectAccessStep::Answer, answer()),
        (SubjectAccessStep::Extension, extension()),
        (SubjectAccessStep::Refusal, refusal(RefusalGround::Excessive)),
        (SubjectAccessStep::Withdrawal, SubjectAccessStepBody::default()),
    ] {
        assert_eq!(take(&answered, step, &body, TODAY), Err(NotTaken::NotFromHere), "{step}");
    }
}

#[test]
fn the_answer_is_due_a_month_after_the_receipt_or_on_the_next_working_day() {
    let due = |day, months| due_on(&calendar(), day, months);
    assert_eq!(due(date(2026, 6, 1), DUE_MONTHS), date(2026, 7, 1));
    assert_eq!(due(date(2026, 1, 31), DUE_MONTHS), date(2026, 3, 2), "28 February is a Saturday");
    assert_eq!(due(date(2026, 11, 25), DUE_MONTHS), date(2026, 12, 29), "Christmas, then a weekend");
    assert_eq!(due(date(2026, 6, 1), EXTENDED_MONTHS), date(2026, 9, 1));
}

#[test]
fn the_time_is_extended_once_and_before_it_is_over() {
    let extended = take(&received(), SubjectAccessStep::Extension, &extension(), date(2026, 7, 1)).unwrap();
    assert_eq!((extended.due_on, extended.state()), (date(2026, 9, 1), SubjectAccessState::Received));
    let again = take(&extended, SubjectAccessStep::Extension, &extension(), date(2026, 7, 2));
    assert_eq!(again, Err(NotTaken::NotFromHere));
    let late = take(&received(), SubjectAccessStep::Extension, &extension(), date(2026, 7, 2));
    assert_eq!(late, Err(NotTaken::NotFromHere));
    let (open, over) = (received().view(Handle::random(), date(2026, 7, 1)), date(2026, 7, 2));
    assert!(!open.overdue && received().view(Handle::random(), over).overdue);
}

#[test]
fn nobody_who_was_identified_is_refused_for_not_being_so() {
    let checked = take(&received(), SubjectAccessStep::IdentityCheck, &identity(), TODAY).unwrap();
    let refuse = |record: &SubjectAccessRecord, ground| {
        take(record, SubjectAccessStep::Refusal, &refusal(ground), TODAY).map(|next| next.state())
    };
    assert_eq!(refuse(&received(), RefusalGround::IdentityNotShown), Ok(SubjectAccessState::Refused));
    assert_eq!(refuse(&checked, RefusalGround::IdentityNotShown), Err(NotTaken::NotFromHere));
    assert_eq!(refuse(&received(), RefusalGround::AuthorityNotShown), Err(NotTaken::NotFromHere));
    assert_eq!(refuse(&checked, RefusalGround::Excessive), Ok(SubjectAccessState::Refused));
}

#[test]
fn only_the_person_herself_seen_alone_hears_what_is_silent() {
    let checked = |asked_by, seen_alone| {
        let check = IdentityCheck { seen_alone, ..check() };
        let at = received().at;
        let identity = Some(Identified { check, by: "worker-one".parse().unwrap(), at });
        SubjectAccessRecord { asked_by, identity, ..received() }
    };
    assert!(checked(AskedBy::Person, true).is_heard_alone());
    assert!(!checked(AskedBy::Person, false).is_heard_alone());
    assert!(!checked(AskedBy::Representative, true).is_heard_alone());
    assert!(!received().is_heard_alone());
}

#[test]
fn a_representative_shows_an_authority_and_nobody_else_has_one() {
    let request = |asked_by, authority, identity| {
        let request = SubjectAccessReceived { received_on: TODAY, asked_by, authority, identity };
        request.check(TODAY).err().unwrap_or_default().iter().map(|fault| fault.field).collect::<Vec<_>>()
    };
    let shown = IdentityCheck { authority_hash: Some("0a".repeat(32)), ..check() };
    let lpa = Some(Authority::LpaAttorney);
    assert!(request(AskedBy::Person, None, Some(check())).is_empty());
    assert!(request(AskedBy::Representative, lpa, Some(shown.clone())).is_empty());
    assert_eq!(request(AskedBy::Representative, None, None), ["authority"]);
    assert_eq!(request(AskedBy::Representative, lpa, Some(check())), ["identity.authority_hash"]);
    assert_eq!(request(AskedBy::Person, lpa, Some(shown.clone())), ["authority", "identity.authority_hash"]);

    let represented = SubjectAccessRecord { asked_by: AskedBy::Representative, authority: lpa, ..received() };
    let unshown = take(&represented, SubjectAccessStep::IdentityCheck, &identity(), TODAY);
    assert!(matches!(unshown, Err(NotTaken::Faults(_))), "{unshown:?}");
    let body = SubjectAccessStepBody { identity: Some(shown), ..Default::default() };
    assert!(take(&represented, SubjectAccessStep::IdentityCheck, &body, TODAY).is_ok());
}

#[test]
fn a_request_is_neither_received_in_the_future_nor_years_ago() {
    let on = |received_on| {
        let request =
            SubjectAccessReceived { received_on, asked_by: AskedBy::Person, authority: None, identity: None };
        request.check(TODAY).is_ok()
    };
    assert!(on(TODAY) && on(date(2025, 6, 10)));
    assert!(!on(date(2026, 6, 11)) && !on(date(2025, 6, 9)));
}

#[test]
fn a_step_states_what_it_needs_and_nothing_else() {
    assert!(SubjectAccessStep::IdentityCheck.check(&identity()).is_ok());
    assert!(SubjectAccessStep::Withdrawal.check(&SubjectAccessStepBody::default()).is_ok());
    let both = SubjectAccessStepBody { reason: Some("x".to_owned()), ..answer() };
    let found = SubjectAccessStep::Answer.check(&both).unwrap_err();
    assert_eq!((found[0].path.as_str(), found[0].code), ("reason", "out-of-place"));
    let found = SubjectAccessStep::Refusal.check(&SubjectAccessStepBody::default()).unwrap_err();
    assert_eq!(found.iter().map(|each| each.path.as_str()).collect::<Vec<_>>(), ["ground", "reason"]);
}

fn attempt() -> impl Strategy<Value = (SubjectAccessStep, SubjectAccessStepBody)> {
    let step = prop::sample::select(SubjectAccessStep::ALL);
    let ground = prop::sample::select(RefusalGround::ALL);
    (step, ground, 0_u8..8).prop_map(|(step, ground, odd)| {
        let fitting = match step {
            SubjectAccessStep::IdentityCheck => identity(),
            SubjectAccessStep::Answer => answer(),
            SubjectAccessStep::Extension => extension(),
            SubjectAccessStep::Refusal => refusal(ground),
            SubjectAccessStep::Withdrawal => SubjectAccessStepBody::default(),
        };
        // One in eight lacks what it needs.
        (step, if odd == 0 { SubjectAccessStepBody::default() } else { fitting })
    })
}

/// Each step from each state that allows it; a refusal with each ground.
fn all() -> impl Iterator<Item = String> {
    use SubjectAccessState::{IdentityChecked, Received};
    let open = [Received, IdentityChecked].into_iter();
    let steps = open.flat_map(|state| {
        let steps = SubjectAccessStep::ALL.iter().filter(|step| **step != SubjectAccessStep::Refusal);
        steps.map(move |step| format!("{state} {step}"))
    });
    let refusals = RefusalGround::ALL.iter().map(|ground| format!("refusal {ground}"));
    let steps = steps.filter(|step| *step != format!("{Received} {}", SubjectAccessStep::Answer));
    steps.chain(refusals)
}

crate::domain::walks!(
    SubjectAccess,
    no_walk_answers_who_was_not_identified_or_leads_on_from_an_end,
    all(),
    never: [("refusal authority-not-shown", "she asks for herself in these walks, so that there is no authority to show")]
);

proptest! {
    #[test]
    fn no_walk_answers_who_was_not_identified_or_leads_on_from_an_end(
        walk in prop::collection::vec((attempt(), 0_i32..25), 1..20),
    ) {
        let (mut request, mut today) = (received(), date(2026, 6, 1));
        for ((step, body), days) in walk {
            today = today.saturating_add(days.days());
            let before = request.clone();
            if let Ok(next) = take(&before, step, &body, today) {
                match body.ground {
                    Some(ground) => crate::domain::walked::took(format_args!("{step} {ground}")),
                    None => crate::domain::walked::took(format_args!("{} {step}", before.state())),
                }
                prop_assert!(before.is_open(), "nothing leaves what is over");
                prop_assert!(next != before || step == SubjectAccessStep::IdentityCheck, "a step without a trace");
                prop_assert!(next.due_on >= before.due_on);
                prop_assert!(next.due_on == before.due_on || step == SubjectAccessStep::Extension && today <= before.due_on);
                request = next;
            }
            prop_assert_eq!(request.due_on != received().due_on, request.extension.is_some(), "extended once");
            prop_assert!(before.identity.is_none() || request.identity.is_some(), "nobody is unidentified again");
            let state = request.state();
            prop_assert!(state != SubjectAccessState::Answered || request.identity.is_some());
            prop_assert_eq!(
                request.is_open(),
                matches!(state, SubjectAccessState::Received | SubjectAccessState::IdentityChecked)
            );
        }
    }
}
