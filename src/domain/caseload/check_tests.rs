//! Who answers a check, until when, and what allocation waits for.

use super::*;

fn moment(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn id(agency: &str) -> AgencyId {
    agency.parse().unwrap()
}

fn worker(agency: &str) -> (AgencyId, WorkerId) {
    (id(agency), "duty-one".parse().unwrap())
}

pub(in crate::domain::caseload) fn check(
    outcome: CheckOutcome,
    holders: &[&str],
    live: &[&str],
) -> CheckRecord {
    let (remind_at, due) = (moment("2026-06-15T10:00:00Z"), moment("2026-06-15T15:50:00Z"));
    CheckRecord {
        id: RecordId::random(),
        version: 1,
        person: PersonId::random(),
        asked_by: worker("northmoor-cjit"),
        asked_at: moment("2026-06-12T15:50:20Z"),
        reason: Some(CheckReason::NewCase),
        asker_named: false,
        outcome,
        undecided: false,
        holders: holders.iter().map(|holder| id(holder)).collect(),
        live: live.iter().map(|holder| id(holder)).collect(),
        times: holders.iter().chain(live).map(|holder| (id(holder), Times { remind_at, due })).collect(),
        answer_due: moment("2026-06-15T16:50:00Z"),
        answers: Vec::new(),
        parted: false,
    }
}

pub(in crate::domain::caseload) fn answer(answer: CheckAnswer) -> AnswerGiven {
    AnswerGiven { answer, speak_to: Some("Ms Placeholder".to_owned()), may_name_us: false }
}

pub(in crate::domain::caseload) fn answered(
    check: &CheckRecord,
    by: &str,
    given: AnswerGiven,
) -> CheckRecord {
    check.answered(worker(by), given, moment("2026-06-12T16:30:00Z")).unwrap()
}

#[test]
fn allocation_waits_for_an_answer_and_goes_on_without_one() {
    let held = check(CheckOutcome::Held, &["lantern"], &[]);
    assert_eq!(held.allocation(moment("2026-06-15T16:50:00Z")), Allocation::Wait);
    assert_eq!(held.allocation(moment("2026-06-15T16:50:01Z")), Allocation::Provisional);
    let answered = answered(&held, "lantern", answer(CheckAnswer::Lead));
    assert_eq!(answered.allocation(moment("2026-06-12T16:31:00Z")), Allocation::Free);
    let clear = check(CheckOutcome::Clear, &[], &[]);
    assert_eq!(clear.allocation(moment("2026-06-12T16:00:00Z")), Allocation::Free);
}

#[test]
fn every_check_of_an_area_waits_for_who_answers_live_there_whatever_was_found() {
    let now = moment("2026-06-12T16:31:00Z");
    for (outcome, holders) in [
        (CheckOutcome::Clear, &[][..]),
        (CheckOutcome::Held, &["fallowgate-carat"]),
        (CheckOutcome::Possible, &[]),
    ] {
        let asked = check(outcome, holders, &["lantern"]);
        assert_eq!(asked.allocation(now), Allocation::Wait, "{outcome}");
        let late = moment("2026-06-16T09:00:00Z");
        assert_eq!(asked.allocation(late), Allocation::Provisional, "{outcome}");
    }
}

#[test]
fn an_uncertain_match_waits_for_the_matching_desk_though_others_have_answered() {
    let uncertain = check(CheckOutcome::Possible, &[], &["lantern"]);
    let uncertain = answered(&uncertain, "lantern", answer(CheckAnswer::NotOurs));
    assert_eq!(uncertain.allocation(moment("2026-06-12T16:31:00Z")), Allocation::Wait);
}

#[test]
fn only_who_was_asked_answers_and_only_once() {
    let held = check(CheckOutcome::Held, &["lantern"], &["eastvale-cjit"]);
    let now = moment("2026-06-12T16:30:00Z");
    let given = || answer(CheckAnswer::Share);
    assert_eq!(held.answered(worker("testhomes"), given(), now), Err(NotAwaited));
    let once = held.answered(worker("lantern"), given(), now).unwrap();
    assert_eq!(once.answered(worker("lantern"), given(), now), Err(NotAwaited));
    assert!(once.awaits_anybody());
    assert!(!once.answered(worker("eastvale-cjit"), given(), now).unwrap().awaits_anybody());
}

#[test]
fn a_question_passes_from_the_duty_role_to_its_deputy_and_is_escalated() {
    let held = check(CheckOutcome::Held, &["lantern"], &[]);
    let stage = |at: &str| held.stage_of(&id("lantern"), moment(at));
    assert_eq!(stage("2026-06-15T10:00:00Z"), Stage::DutyRole);
    assert_eq!(stage("2026-06-15T10:00:01Z"), Stage::Deputy);
    assert_eq!(stage("2026-06-15T15:50:01Z"), Stage::Escalated);
    let answered = answered(&held, "lantern", answer(CheckAnswer::Lead));
    assert_eq!(answered.stage_of(&id("lantern"), moment("2026-06-16T10:00:00Z")), Stage::Answered);
}

#[test]
fn one_holder_that_leads_is_enough() {
    let holders = ["lantern", "fallowgate-carat"];
    let held = check(CheckOutcome::Held, &holders, &[]);
    let both = holders.map(id).into();
    assert_eq!(held.holder_leads(&both), None);
    let informed = answered(&held, "lantern", answer(CheckAnswer::KeepInformed));
    assert_eq!(informed.holder_leads(&both), Some(false));
    let led = answered(&informed, "fallowgate-carat", answer(CheckAnswer::ReferBack));
    assert_eq!(led.holder_leads(&both), Some(true));
    assert_eq!(led.holder_leads(&[id("lantern")].into()), Some(false), "who led has her no more");
    let denied = answered(&held, "lantern", answer(CheckAnswer::NotOurs));
    assert_eq!(denied.holder_leads(&both), None);
}

#[test]
fn a_check_of_the_first_release_can_still_be_read() {
    let old = r#"{"id": "7d1a2f50-0c1d-4f2e-9b7a-111111111111", "version": 2, "person": "7d1a2f50-0c1d-4f2e-9b7a-222222222222",
        "asked_by": ["northmoor-cjit", "testa-rowan"], "asked_at": "2026-06-12T15:50:20Z", "outcome": "held",
        "holders": ["lantern"], "answer_due": "2026-06-15T22:59:00Z",
        "answers": [{"by": ["lantern", "ms-placeholder"], "at": "2026-06-12T16:30:00Z", "given": {"answer": "lead", "speak_to": null}}]}"#;
    let check: CheckRecord = serde_json::from_str(old).unwrap();
    assert_eq!((check.reason, check.holder_leads(&[id("lantern")].into())), (None, Some(true)));
    assert_eq!(check.due_of(&id("lantern")), check.answer_due);
}
