//! A log that came after another one: what it says of that one, true and false.

use super::*;
use crate::ledger::entry::{Commitments, Field, Fields, Leaf, Seeds};
use crate::ledger::note::{ClaimedHead, claimed_head};
use crate::ledger::recovery::{RECOVERED_PATH, RecoveredFile, RecoveryError, Statement};

const SECOND: &str = "northmoor.example/log/2";

fn head(files: &Files) -> ClaimedHead {
    claimed_head(&checkpoint(files)).unwrap()
}

fn checkpoint(files: &Files) -> String {
    String::from_utf8(files["checkpoint"].clone()).unwrap()
}

fn second_key() -> SigningKey {
    key().renamed(SECOND).unwrap()
}

/// What a new log says of this old one when its database had `found` and the checkpoint of `last` was known.
fn statement(found: &Files, last: Option<&Files>) -> Statement {
    Statement {
        log: SECOND.to_owned(),
        before: ORIGIN.to_owned(),
        found: head(found),
        signed: None,
        checkpoint: last.map(checkpoint),
    }
}

/// A log of three entries that begins with this statement.
fn second(statement: &Statement) -> Files {
    let statement = statement.to_string();
    let mut fields = Fields::new();
    fields.set(Field::EnvelopeSha256, Statement::commitment(&statement));
    let commitments = Commitments::new(fields, &Seeds::from_bytes([3; 32], [4; 32]));
    let leaves: Vec<_> = (0..3)
        .map(|index| {
            let ts = Timestamp::from_millisecond(START_MS + 10_000 + i64::try_from(index).unwrap()).unwrap();
            let mut leaf = Leaf { origin: SECOND.to_owned(), ..leaf(index, ts) };
            if index == 0 {
                (leaf.kind, leaf.details) = (EntryKind::Recovered, commitments.root());
            }
            leaf.to_bytes()
        })
        .collect();
    let mut files = export(&leaves, &[3]);
    let root = head(&files).root;
    files.insert("checkpoint".to_owned(), second_key().sign(&second_key().checkpoint(3, root)).into_bytes());
    let opening = commitments.open(Field::EnvelopeSha256).unwrap();
    let file = RecoveredFile { opening, statement }.to_string();
    files.insert(RECOVERED_PATH.to_owned(), file.into_bytes());
    files
}

fn check_both(new: &Files, old: &Files) -> (Report, Report, Option<Succession>) {
    let keys = [key().verifier(), second_key().verifier()];
    let report = verify(new, &keys).unwrap();
    let said = report.recovered.clone().expect("a recovered log");
    let (before, succession) = verify_before(old, &said, &Rules::new(&keys), &Unwatched).unwrap();
    (report, before, succession)
}

#[test]
fn an_old_copy_of_the_database_and_what_was_lost_with_the_new_one_are_told() {
    let leaves = leaves(300);
    let (found, old) = (export(&leaves, &[41]), export(&leaves, &[300]));
    let new = second(&statement(&found, Some(&old)));
    let (report, before, succession) = check_both(&new, &old);
    assert_eq!((report.verdict(), before.verdict()), (None, None), "{:?}", before.findings);
    let succession = succession.unwrap();
    assert_eq!((succession.was_a_copy, succession.only_in_the_old), (Some(true), 259));
    assert_eq!(before.extends, 1);
}

#[test]
fn a_database_of_another_history_is_told_from_a_copy() {
    let old = export(&leaves(50), &[50]);
    let mut others = leaves(41);
    others.swap(7, 8);
    let new = second(&statement(&export(&others, &[41]), Some(&old)));
    let (_, before, succession) = check_both(&new, &old);
    assert_eq!((before.verdict(), succession.unwrap().was_a_copy), (None, Some(false)));
    let longer = second(&statement(&export(&leaves(60), &[60]), Some(&old)));
    assert_eq!(check_both(&longer, &old).2.unwrap().was_a_copy, None);
}

#[test]
fn what_was_signed_and_passed_over_in_silence_is_found() {
    let leaves = leaves(60);
    let (found, known, old) = (export(&leaves, &[41]), export(&leaves, &[50]), export(&leaves, &[60]));
    for said in [statement(&found, Some(&known)), statement(&found, None)] {
        let (_, before, _) = check_both(&second(&said), &old);
        assert_eq!(before.verdict(), Some(Verdict::Incomplete), "{:?}", before.findings);
        assert!(
            before
                .findings
                .iter()
                .any(|finding| matches!(finding.problem, Problem::PassedOver { signed: 60, .. }))
        );
    }
    let admitted = Statement { signed: Some(head(&old)), ..statement(&found, Some(&known)) };
    assert_eq!(check_both(&second(&admitted), &old).1.verdict(), None);
}

#[test]
fn a_checkpoint_of_another_history_of_the_old_log_is_a_fork() {
    let mut others = leaves(50);
    others.swap(7, 8);
    let new = second(&statement(&export(&leaves(41), &[41]), Some(&export(&others, &[50]))));
    let (_, before, _) = check_both(&new, &export(&leaves(50), &[50]));
    assert_eq!(before.verdict(), Some(Verdict::Fork));
}

#[test]
fn the_file_belongs_to_a_recovered_log_and_to_no_other() {
    let old = export(&leaves(50), &[50]);
    let new = second(&statement(&old, Some(&old)));
    let keys = [key().verifier(), second_key().verifier()];
    let mut without = new.clone();
    without.remove(RECOVERED_PATH);
    let report = verify(&without, &keys).unwrap();
    assert_eq!((report.verdict(), report.recovered), (Some(Verdict::Incomplete), None));
    let mut of_another = new.clone();
    let other = second(&statement(&old, None))[RECOVERED_PATH].clone();
    of_another.insert(RECOVERED_PATH.to_owned(), other);
    let report = verify(&of_another, &keys).unwrap();
    assert_eq!(report.findings[0].problem, Problem::Recovery(RecoveryError::NotCommitted));
    let mut first = old;
    first.insert(RECOVERED_PATH.to_owned(), new[RECOVERED_PATH].clone());
    let report = verify(&first, &keys).unwrap();
    assert_eq!(
        (report.verdict(), report.findings[0].problem),
        (Some(Verdict::Tampered), Problem::Unexpected)
    );
}

#[test]
fn another_log_than_the_one_before_is_refused() {
    let old = export(&leaves(50), &[50]);
    let new = second(&Statement { before: "eastvale.example/log".to_owned(), ..statement(&old, None) });
    let (_, before, succession) = check_both(&new, &old);
    assert_eq!((before.verdict(), succession), (Some(Verdict::Tampered), None));
}
