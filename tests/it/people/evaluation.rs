//! How right a matcher was: what `throughgate match evaluate` answered, beside the truth.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;

use super::population::{Kind, Truth};

/// One row of `--out`.
#[derive(Clone, Debug, PartialEq)]
pub struct Scored {
    pub query: String,
    pub record: String,
    pub weight: f64,
    pub decision: Decision,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Link,
    Possible,
}

/// Reads `--out`, and is strict about its form.
pub fn scored(text: &str) -> Vec<Scored> {
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("query_id,record_id,weight,probability,decision"));
    lines
        .map(|line| {
            let cells: Vec<&str> = line.split(',').collect();
            let [query, record, weight, probability, decision] = cells[..] else {
                panic!("not a row: {line}")
            };
            let probability: f64 = probability.parse().unwrap();
            assert!((0.0..=1.0).contains(&probability), "not a probability: {line}");
            let weight: f64 = weight.parse().unwrap();
            assert!(weight.is_finite(), "not a weight: {line}");
            let decision = match decision {
                "link" => Decision::Link,
                "possible" => Decision::Possible,
                _ => panic!("not a decision: {line}"),
            };
            Scored { query: query.to_owned(), record: record.to_owned(), weight, decision }
        })
        .collect()
}

/// What is counted over all that was presented; several populations can be added up.
#[derive(Debug, Default)]
pub struct Evaluation {
    pub queries: usize,
    /// Presentations of people in the index, and how many of these reached one of their records, by decision.
    pub known: usize,
    pub linked: usize,
    pub reached: usize,
    /// Presentations with a link to somebody else.
    pub wrongly_linked: usize,
    /// Pairs of a presentation and a record of the same person, and the rows that found them.
    pub true_pairs: usize,
    pub linked_pairs: usize,
    pub reached_pairs: usize,
    pub wrong_pairs: usize,
    pub possible_rows: usize,
    pub by_kind: BTreeMap<Kind, OfKind>,
    /// Of people in the index, by how much was wrong: how many, how many linked rightly, how many reached.
    pub by_corruptions: BTreeMap<usize, [usize; 3]>,
    pub by_corruption: BTreeMap<&'static str, [usize; 3]>,
    /// The best row of each presentation: its weight, and whether it is right.
    best: Vec<(f64, bool)>,
}

/// Presentations of one kind that were taken for somebody else.
#[derive(Clone, Copy, Debug, Default)]
pub struct OfKind {
    pub queries: usize,
    pub wrongly_linked: usize,
    /// Of these, who told no number of the other's.
    pub without_shared_identifier: usize,
    pub wrongly_possible: usize,
}

/// A threshold, and how right the best rows above it are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AtThreshold {
    pub weight: f64,
    pub precision: f64,
    pub recall: f64,
    pub f1: f64,
}

impl Evaluation {
    /// Adds one population's presentations and what was answered to them.
    pub fn add(&mut self, truths: &[Truth], rows: &[Scored]) {
        let mut answered: HashMap<&str, Vec<&Scored>> = HashMap::new();
        let mut seen = HashSet::new();
        for row in rows {
            assert!(seen.insert((&row.query, &row.record)), "a pair is answered twice: {row:?}");
            answered.entry(&row.query).or_default().push(row);
        }
        for truth in truths {
            self.add_one(truth, &answered.remove(&*truth.query_id).unwrap_or_default());
        }
        assert!(answered.is_empty(), "answers to nobody's presentation");
    }

    fn add_one(&mut self, truth: &Truth, rows: &[&Scored]) {
        let right = |row: &&&Scored| truth.records.contains(&row.record);
        let count = |decision: Decision, is_right: bool| {
            rows.iter().filter(|row| row.decision == decision && right(row) == is_right).count()
        };
        let (links, wrong_links) = (count(Decision::Link, true), count(Decision::Link, false));
        let (possible, wrong_possible) = (count(Decision::Possible, true), count(Decision::Possible, false));
        let (linked, reached) = (links > 0, links + possible > 0);

        self.queries += 1;
        self.known += usize::from(!truth.records.is_empty());
        self.linked += usize::from(linked);
        self.reached += usize::from(reached);
        self.wrongly_linked += usize::from(wrong_links > 0);
        self.true_pairs += truth.records.len();
        self.linked_pairs += links;
        self.reached_pairs += links + possible;
        self.wrong_pairs += wrong_links;
        self.possible_rows += possible + wrong_possible;

        let of_kind = self.by_kind.entry(truth.kind).or_default();
        of_kind.queries += 1;
        of_kind.wrongly_linked += usize::from(wrong_links > 0);
        of_kind.without_shared_identifier += usize::from(wrong_links > 0 && !truth.shared_identifier);
        of_kind.wrongly_possible += usize::from(wrong_links == 0 && wrong_possible > 0);

        if truth.kind == Kind::Known {
            let tell = |counts: &mut [usize; 3]| {
                counts[0] += 1;
                counts[1] += usize::from(linked);
                counts[2] += usize::from(reached);
            };
            tell(self.by_corruptions.entry(truth.corruptions.len()).or_default());
            let kinds: HashSet<_> = truth.corruptions.iter().collect();
            kinds.into_iter().for_each(|corruption| tell(self.by_corruption.entry(corruption).or_default()));
        }
        if let Some(best) = rows.iter().max_by(|a, b| a.weight.total_cmp(&b.weight)) {
            self.best.push((best.weight, right(&best)));
        }
    }

    /// Of all presentations that were linked, or linked wrongly: how many of the links are right.
    pub fn link_precision(&self) -> f64 {
        share(self.linked, self.linked + self.wrongly_linked)
    }

    pub fn link_recall(&self) -> f64 {
        share(self.linked, self.known)
    }

    /// Of presentations of people in the index: how many had a record of theirs as `link` or `possible`.
    pub fn reach(&self) -> f64 {
        share(self.reached, self.known)
    }

    pub fn pair_precision(&self) -> f64 {
        share(self.linked_pairs, self.linked_pairs + self.wrong_pairs)
    }

    pub fn pair_recall(&self) -> f64 {
        share(self.linked_pairs, self.true_pairs)
    }

    pub fn pair_reach(&self) -> f64 {
        share(self.reached_pairs, self.true_pairs)
    }

    pub fn possible_a_query(&self) -> f64 {
        share(self.possible_rows, self.queries)
    }

    /// Look-alikes of this kind that were linked though they told no number of the other's.
    pub fn mistaken(&self, kind: Kind) -> usize {
        self.by_kind.get(&kind).map_or(0, |of_kind| of_kind.without_shared_identifier)
    }

    /// The threshold at which the best row of each presentation is most often right: one answer or none to each.
    pub fn best_threshold(&self) -> AtThreshold {
        best_threshold(&self.best, self.known)
    }
}

/// Over answers that are right or not, of which there should be so many right ones.
pub fn best_threshold(answers: &[(f64, bool)], wanted: usize) -> AtThreshold {
    let mut answers = answers.to_vec();
    answers.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut best = AtThreshold { weight: f64::INFINITY, precision: 0.0, recall: 0.0, f1: 0.0 };
    let mut right = 0;
    for (at, (weight, is_right)) in answers.iter().enumerate() {
        right += usize::from(*is_right);
        // Those of one weight are taken or left together.
        if answers.get(at + 1).is_some_and(|next| next.0.total_cmp(weight).is_eq()) {
            continue;
        }
        let f1 = share(2 * right, at + 1 + wanted);
        if f1 > best.f1 {
            best = AtThreshold {
                weight: *weight,
                precision: share(right, at + 1),
                recall: share(right, wanted),
                f1,
            };
        }
    }
    best
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

impl fmt::Display for Evaluation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let best = self.best_threshold();
        writeln!(f, "{} presentations, {} of people in the index", self.queries, self.known)?;
        writeln!(f, "link: precision {:.4}, recall {:.4}", self.link_precision(), self.link_recall())?;
        writeln!(
            f,
            "link or possible: recall {:.4}; {:.2} possible a query",
            self.reach(),
            self.possible_a_query()
        )?;
        let (precision, recall, reach) = (self.pair_precision(), self.pair_recall(), self.pair_reach());
        writeln!(f, "by pairs: link precision {precision:.4}, recall {recall:.4}; with possible {reach:.4}")?;
        let AtThreshold { weight, precision, recall, f1 } = best;
        writeln!(f, "best F1 {f1:.4} at {weight:.2}: precision {precision:.4}, recall {recall:.4}")?;
        for (kind, of) in &self.by_kind {
            let (linked, alone, possible) =
                (of.wrongly_linked, of.without_shared_identifier, of.wrongly_possible);
            let name = kind.name();
            writeln!(
                f,
                "  {name:16} {:5}: {linked} linked wrongly ({alone} without a shared number), {possible} possible",
                of.queries
            )?;
        }
        for (count, of) in &self.by_corruptions {
            writeln!(
                f,
                "  {count} wrong {:5}: linked {:.3}, reached {:.3}",
                of[0],
                share(of[1], of[0]),
                share(of[2], of[0])
            )?;
        }
        for (name, of) in &self.by_corruption {
            writeln!(
                f,
                "  {name:18} {:5}: linked {:.3}, reached {:.3}",
                of[0],
                share(of[1], of[0]),
                share(of[2], of[0])
            )?;
        }
        Ok(())
    }
}
