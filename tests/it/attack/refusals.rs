//! How attacks are met: as they should be, on record, and everywhere in the same words.

use std::collections::BTreeMap;

use serde_json::Value;
use throughgate::demo::actor::Answer;
use throughgate::ledger::entry::Leaf;
use throughgate::vocabulary::Outcome;

/// A status, and the problem's code.
pub type Met = (u16, &'static str);
pub const NO_TOKEN: Met = (401, "invalid-token");
pub const UNBOUND: Met = (401, "token-binding-mismatch");
pub const NO_SCOPE: Met = (403, "insufficient-scope");
pub const NO_PURPOSE: Met = (403, "purpose-not-permitted");
pub const NOT_FOUND: Met = (404, "not-found-or-not-permitted");

/// An attack that was tried.
pub struct Tried {
    pub attack: &'static str,
    pub answer: Answer,
    /// How it may be met.
    pub expected: &'static [Met],
}

/// What each problem said where it was met first, and what went otherwise.
#[derive(Default)]
pub struct Refusals {
    first: BTreeMap<Met, Value>,
    wrong: Vec<String>,
}

impl Refusals {
    pub fn take(&mut self, at: &str, Tried { answer, expected, .. }: &Tried) {
        let problem = answer.problem();
        let Some(met) = expected.iter().find(|met| **met == (answer.status.as_u16(), problem)) else {
            self.wrong.push(format!("{at}: {} {}", answer.status, said(answer)));
            return;
        };
        let leaf = answer.receipt.as_ref().map(|receipt| Leaf::parse(&receipt.leaf).unwrap());
        if leaf.is_none_or(|leaf| leaf.outcome != Outcome::Refused) {
            self.wrong.push(format!("{at}: it is not on record as refused"));
        }
        let first = self.first.entry(*met).or_insert_with(|| said(answer));
        if *first != said(answer) {
            self.wrong.push(format!("{at}: it says more than elsewhere: {}", said(answer)));
        }
    }

    pub fn all_as_expected(self) {
        assert!(!self.first.is_empty(), "nobody was refused anything");
        assert!(self.wrong.is_empty(), "{} went otherwise:\n{}", self.wrong.len(), self.wrong.join("\n"));
    }
}

/// What a problem document says, but for the trace, which is random.
pub fn said(answer: &Answer) -> Value {
    let mut document = answer.json.clone();
    if let Some(members) = document.as_object_mut() {
        members.remove("trace_id");
    }
    document
}
