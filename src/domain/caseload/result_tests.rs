//! What the asker can read out of a result, and what it must not.

use super::super::check::tests::{answer, answered, check};
use super::*;

fn early() -> Timestamp {
    "2026-06-12T16:31:00Z".parse().unwrap()
}

fn late() -> Timestamp {
    "2026-06-16T09:00:00Z".parse().unwrap()
}

fn seen(check: &CheckRecord, now: Timestamp) -> CheckView {
    check.view(Handle::random(), now, false, |_| false).unwrap()
}

fn naming(given: AnswerGiven) -> AnswerGiven {
    AnswerGiven { may_name_us: true, ..given }
}

#[test]
fn every_result_has_the_same_members_and_the_same_size_and_names_nobody() {
    let reference = Handle::random();
    let whole = |check: &CheckRecord| {
        serde_json::to_value(check.view(reference, early(), false, |_| false).unwrap()).unwrap()
    };
    let members = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let clear = whole(&check(CheckOutcome::Clear, &[], &[]));
    for record in [
        check(CheckOutcome::Held, &["lantern"], &[]),
        check(CheckOutcome::Held, &["fallowgate-carat", "eastvale-cjit"], &[]),
        check(CheckOutcome::Possible, &[], &[]),
        check(CheckOutcome::Clear, &[], &["lantern"]),
        answered(&check(CheckOutcome::Held, &["lantern"], &[]), "lantern", answer(CheckAnswer::Lead)),
    ] {
        let view = whole(&record);
        assert_eq!(members(&view), members(&clear));
        assert_eq!(view.to_string().len(), clear.to_string().len(), "{view}");
        assert_eq!(view.to_string().len() % SIZE, 0);
        assert!(!view.to_string().contains("lantern") && !view.to_string().contains("fallowgate"));
    }
}

#[test]
fn each_answer_shows_as_it_comes_where_nobody_answers_live() {
    let held = check(CheckOutcome::Held, &["lantern", "fallowgate-carat"], &[]);
    let first = answered(&held, "fallowgate-carat", answer(CheckAnswer::NotOurs));
    let view = seen(&first, early());
    assert_eq!((view.outcome, view.allocation), (CheckOutcome::Held, Allocation::Wait));
    assert_eq!(view.answers.len(), 1);
    assert_eq!((view.answers[0].answer, &view.answers[0].by), (CheckAnswer::NotOurs, &None));
}

#[test]
fn a_holder_is_named_by_its_own_answer_or_by_the_persons_consent() {
    let held = check(CheckOutcome::Held, &["lantern"], &[]);
    assert!(seen(&held, early()).holders.is_empty());
    let consented =
        held.view(Handle::random(), early(), false, |holder| holder.as_str() == "lantern").unwrap();
    assert_eq!(consented.holders, ["lantern".parse().unwrap()]);
    let named = answered(&held, "lantern", naming(answer(CheckAnswer::Lead)));
    let view = seen(&named, early());
    assert_eq!(view.answers[0].by, Some("lantern".parse().unwrap()));
    assert_eq!(view.holders, ["lantern".parse().unwrap()]);
    let denied = answered(&held, "lantern", naming(answer(CheckAnswer::NotOurs)));
    assert!(seen(&denied, early()).holders.is_empty());
}

#[test]
fn where_somebody_answers_live_the_checks_of_an_area_begin_alike_whatever_was_found() {
    let bare = |record: &CheckRecord| {
        let view = seen(record, early());
        (view.outcome, view.holders, view.answers, view.allocation)
    };
    let nobody = bare(&check(CheckOutcome::Clear, &[], &["lantern"]));
    assert_eq!(nobody, (CheckOutcome::Possible, Vec::new(), Vec::new(), Allocation::Wait));
    let held = check(CheckOutcome::Held, &["fallowgate-carat"], &["lantern"]);
    assert_eq!(bare(&held), nobody);
    assert_eq!(bare(&check(CheckOutcome::Possible, &[], &["lantern"])), nobody);
    // Nor does the first of two answers show, be it the holder's or the live one's.
    assert_eq!(bare(&answered(&held, "fallowgate-carat", answer(CheckAnswer::Share))), nobody);
    assert_eq!(bare(&answered(&held, "lantern", answer(CheckAnswer::NotOurs))), nobody);
    assert_eq!(bare(&answered(&held, "lantern", answer(CheckAnswer::Lead))), nobody);
}

#[test]
fn once_all_have_answered_who_answers_live_cannot_be_told_from_who_was_found() {
    let settled = |holders: &[&str], answers: &[(&str, CheckAnswer)]| {
        let record = check(CheckOutcome::from_findings(!holders.is_empty(), false), holders, &["lantern"]);
        let record = answers.iter().fold(record, |record, (by, given)| answered(&record, by, answer(*given)));
        let view = seen(&record, early());
        (view.outcome, view.holders, view.answers, view.allocation)
    };
    let by_project = settled(&[], &[("lantern", CheckAnswer::Lead)]);
    let by_another = settled(
        &["fallowgate-carat"],
        &[("lantern", CheckAnswer::NotOurs), ("fallowgate-carat", CheckAnswer::Lead)],
    );
    assert_eq!(by_project, by_another);
    assert_eq!((by_project.0, by_project.3), (CheckOutcome::Held, Allocation::Free));
    // `not-ours` and silence show alike: as nothing.
    let denied = settled(&[], &[("lantern", CheckAnswer::NotOurs)]);
    assert_eq!(denied, (CheckOutcome::Clear, Vec::new(), Vec::new(), Allocation::Free));
    let silent = seen(&check(CheckOutcome::Clear, &[], &["lantern"]), late());
    assert_eq!((silent.outcome, silent.answers.len()), (CheckOutcome::Clear, 0));
    assert_eq!(silent.allocation, Allocation::Provisional);
}

#[test]
fn who_lets_itself_be_named_is_seen_at_once() {
    let asked = check(CheckOutcome::Clear, &[], &["lantern", "eastvale-cjit"]);
    let view = seen(&answered(&asked, "lantern", naming(answer(CheckAnswer::Lead))), early());
    assert_eq!((view.outcome, view.allocation), (CheckOutcome::Held, Allocation::Wait));
    assert_eq!(view.holders, ["lantern".parse().unwrap()]);
}
