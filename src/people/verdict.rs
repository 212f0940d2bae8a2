//! What is decided about one presented person, over all candidates at once. A leaf.

use std::collections::BTreeMap;

use super::compare::Comparison;
use super::levels::{Field, Level};
use super::score::Score;
use super::weights::Weights;

/// What is to be done about a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Act on it: the candidate is the presented person.
    Link,
    /// A person must confirm it.
    Possible,
}

impl Decision {
    /// The word for it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Link => "link",
            Self::Possible => "possible",
        }
    }
}

/// A candidate that is worth a look.
#[derive(Debug, Clone, Copy)]
pub struct Finding {
    /// Which of the candidates.
    pub candidate: usize,
    /// The logarithm of the odds that this candidate is the presented person, in bits, given all candidates.
    pub weight: f64,
    /// What is to be done.
    pub decision: Decision,
}

impl Finding {
    /// The probability that this candidate is the presented person.
    pub fn probability(&self) -> f64 {
        1.0 / (1.0 + (-self.weight).exp2())
    }
}

/// A candidate that is worth a look, with how each field agrees: numbers and codes, nothing of either person.
#[derive(Debug, Clone)]
pub struct Weighed {
    /// What was found.
    pub finding: Finding,
    /// How each field agrees, where it is known on both sides.
    pub levels: BTreeMap<Field, Level>,
}

impl Weighed {
    /// A finding with the comparison that it rests on.
    pub fn new(finding: Finding, comparison: &Comparison) -> Self {
        let levels = comparison.fields().map(|(field, agreement)| (field, agreement.level));
        Self { finding, levels: levels.filter(|(_, level)| *level != Level::Missing).collect() }
    }
}

/// More candidates than this are never weighed against each other.
const MOST_WEIGHED: usize = 12;
/// A candidate of less weight adds less than a thousandth to the odds that anybody else is meant.
const NEGLIGIBLE: f64 = -10.0;

/// Decides about all candidates of one presented person, best first.
///
/// At most one *person* is linked. Candidates of whom `are_one` says that they are one person recorded twice count as one; any other
/// two share the odds between them, so that where two fit alike neither is linked.
pub fn decide(scores: &[Score], weights: &Weights, are_one: impl Fn(usize, usize) -> bool) -> Vec<Finding> {
    // Other candidates only take from a weight: where none is worth a look by itself, nobody need be compared with anybody.
    if !scores.iter().any(|score| score.weight >= weights.thresholds.possible || score.shares_identifier) {
        return Vec::new();
    }
    let floor = weights.thresholds.possible.min(NEGLIGIBLE);
    let takes_part = |score: &Score| score.weight >= floor || score.shares_identifier;
    let all = scores.iter().copied().enumerate();
    let mut order: Vec<(usize, Score)> = all.filter(|(_, score)| takes_part(score)).collect();
    order.sort_by(|(_, a), (_, b)| b.weight.total_cmp(&a.weight));
    order.truncate(MOST_WEIGHED);
    let people = people(&order, &are_one);
    let mut findings = Vec::new();
    for ((candidate, score), person) in order.iter().zip(&people) {
        let others: f64 = order
            .iter()
            .zip(&people)
            .enumerate()
            .filter(|(at, (_, of))| {
                *of != person && people.iter().position(|first| first == *of) == Some(*at)
            })
            .map(|(_, ((_, other), _))| other.weight.exp2())
            .sum();
        let weight = score.weight - (1.0 + others).log2();
        let is_link = score.links_at(weight, weights);
        let is_worth_a_look = weight >= weights.thresholds.possible || score.shares_identifier;
        if is_link || is_worth_a_look {
            let decision = if is_link { Decision::Link } else { Decision::Possible };
            findings.push(Finding { candidate: *candidate, weight, decision });
        }
    }
    let mut possible = 0;
    findings.retain(|finding| {
        possible += usize::from(finding.decision == Decision::Possible);
        finding.decision == Decision::Link || possible <= weights.thresholds.most_possible
    });
    findings
}

/// For each candidate the number of the person it is: that of the best candidate who is the same one.
fn people(order: &[(usize, Score)], are_one: &impl Fn(usize, usize) -> bool) -> Vec<usize> {
    let mut people: Vec<usize> = Vec::with_capacity(order.len());
    for (at, (candidate, _)) in order.iter().enumerate() {
        let same = order.iter().take(at).position(|(earlier, _)| are_one(*earlier, *candidate));
        people.push(same.and_then(|same| people.get(same).copied()).unwrap_or(at));
    }
    people
}
