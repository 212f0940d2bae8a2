//! The evaluation itself, on rows made by hand.

use super::evaluation::{AtThreshold, Decision, Evaluation, Scored, best_threshold, scored};
use super::population::{Kind, Truth};

fn truth(query: &str, kind: Kind, records: &[&str]) -> Truth {
    Truth {
        query_id: query.to_owned(),
        kind,
        records: records.iter().map(|record| (*record).to_owned()).collect(),
        lookalike_of: Vec::new(),
        shared_identifier: false,
        corruptions: Vec::new(),
    }
}

fn row(query: &str, record: &str, weight: f64, decision: Decision) -> Scored {
    Scored { query: query.to_owned(), record: record.to_owned(), weight, decision }
}

/// Four people whom the index knows (the first by two records), a newcomer, two twins.
fn seven() -> Vec<Truth> {
    let mut borrower = truth("q7", Kind::AbsentTwin, &[]);
    borrower.shared_identifier = true;
    let mut mistyped = truth("q2", Kind::Known, &["r2"]);
    mistyped.corruptions = vec!["typed", "typed", "moved"];
    vec![
        truth("q1", Kind::Known, &["r1", "r1b"]),
        mistyped,
        truth("q3", Kind::Known, &["r3"]),
        truth("q4", Kind::Known, &["r4"]),
        truth("q5", Kind::New, &[]),
        truth("q6", Kind::AbsentTwin, &[]),
        borrower,
    ]
}

#[test]
fn each_figure_counts_what_its_name_says() {
    let mut evaluation = Evaluation::default();
    evaluation.add(
        &seven(),
        &[
            row("q1", "r1", 20.0, Decision::Link),
            row("q1", "r1b", 8.0, Decision::Possible),
            row("q2", "r2", 7.0, Decision::Possible),
            row("q2", "r9", 3.0, Decision::Possible),
            row("q3", "r8", 12.0, Decision::Link),
            row("q3", "r3", 11.0, Decision::Link),
            row("q6", "r1", 15.0, Decision::Link),
            row("q7", "r2", 14.0, Decision::Link),
        ],
    );
    assert_eq!((evaluation.queries, evaluation.known), (7, 4));
    // Linked rightly: q1, q3. Wrongly: q3 as well, q6, q7.
    assert_eq!(evaluation.link_precision(), 2.0 / 5.0);
    assert_eq!(evaluation.link_recall(), 2.0 / 4.0);
    // q4 is the one that nothing reached.
    assert_eq!(evaluation.reach(), 3.0 / 4.0);
    assert_eq!(evaluation.possible_a_query(), 3.0 / 7.0);
    assert_eq!(evaluation.pair_precision(), 2.0 / 5.0);
    assert_eq!(evaluation.pair_recall(), 2.0 / 5.0);
    assert_eq!(evaluation.pair_reach(), 4.0 / 5.0);
    // The twin who told the other's number cannot be told apart.
    assert_eq!(evaluation.mistaken(Kind::AbsentTwin), 1);
    assert_eq!(evaluation.by_kind[&Kind::AbsentTwin].wrongly_linked, 2);
    assert_eq!(evaluation.mistaken(Kind::ParentOrChild), 0);
    assert_eq!(evaluation.by_corruptions[&3], [1, 0, 1]);
    assert_eq!(evaluation.by_corruption["typed"], [1, 0, 1]);
    // The best rows are q1 right 20, q6 wrong 15, q7 wrong 14, q3 wrong 12, q2 right 7.
    let expected = AtThreshold { weight: 7.0, precision: 2.0 / 5.0, recall: 2.0 / 4.0, f1: 4.0 / 9.0 };
    assert_eq!(evaluation.best_threshold(), expected);
}

#[test]
fn populations_add_up() {
    let (mut once, mut twice) = (Evaluation::default(), Evaluation::default());
    let rows = [row("q1", "r1", 20.0, Decision::Link), row("q6", "r1", 15.0, Decision::Link)];
    once.add(&seven(), &rows);
    twice.add(&seven(), &rows);
    twice.add(&seven(), &rows);
    assert_eq!(twice.queries, 2 * once.queries);
    assert_eq!(twice.link_precision(), once.link_precision());
    assert_eq!(twice.link_recall(), once.link_recall());
    assert_eq!(twice.mistaken(Kind::AbsentTwin), 2 * once.mistaken(Kind::AbsentTwin));
}

#[test]
fn a_threshold_takes_all_of_one_weight_or_none() {
    let answers = [(5.0, true), (4.0, true), (4.0, false), (4.0, false), (3.0, true)];
    // At 5: 1 right of 1. At 4: 2 of 4. At 3: 3 of 5, which is best where three are wanted.
    let best = best_threshold(&answers, 3);
    assert_eq!((best.weight, best.precision, best.recall), (3.0, 3.0 / 5.0, 1.0));
    assert_eq!(best_threshold(&answers, 1).weight, 5.0);
    assert_eq!(best_threshold(&[], 1).f1, 0.0);
}

#[test]
fn what_is_written_is_read_again() {
    let text =
        "query_id,record_id,weight,probability,decision\nq1,r1,12.5,0.9998,link\nq1,r2,-0.25,0.4,possible\n";
    assert_eq!(
        scored(text),
        [row("q1", "r1", 12.5, Decision::Link), row("q1", "r2", -0.25, Decision::Possible)]
    );
}

#[test]
#[should_panic(expected = "answered twice")]
fn a_pair_counts_once() {
    let rows = [row("q1", "r1", 2.0, Decision::Link), row("q1", "r1", 1.0, Decision::Possible)];
    Evaluation::default().add(&seven(), &rows);
}

#[test]
#[should_panic(expected = "nobody's presentation")]
fn an_answer_needs_a_question() {
    Evaluation::default().add(&seven(), &[row("q8", "r1", 2.0, Decision::Link)]);
}
