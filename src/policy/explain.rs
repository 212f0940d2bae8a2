//! Why something would be permitted or refused, in the abstract: no person, no record, only what policies look at.

use std::collections::{BTreeMap, BTreeSet};

use super::action::ActionName;
use super::annotations::Annotated;
use super::engine::{Engine, Key, Verdict};
use super::entities::{Fact, FactSet};
use super::facts::Relation;
use super::resource::Resource;
use crate::vocabulary::{AgencyType, LegalBasis, Outcome, Purpose, Role, Segment, SegmentSet};

/// Who asks for what, and how things stand with the person, as far as policies look at it.
#[derive(Debug, Clone)]
pub struct Supposed {
    /// The type of the agency that asks.
    pub agency_type: AgencyType,
    /// The role of its worker.
    pub role: Role,
    /// What for.
    pub purpose: Purpose,
    /// What is asked.
    pub action: ActionName,
    /// The type of the agency that holds the record.
    pub custodian: AgencyType,
    /// How the asking agency stands to it.
    pub relation: Relation,
    /// The segments that effective consents let the custodian give.
    pub consented: SegmentSet,
    /// Those of them that a consent on paper lists.
    pub in_writing: SegmentSet,
    /// The other facts that hold; `consented` and `in_writing` among them say nothing beside the two sets.
    pub facts: Vec<Fact>,
}

/// What would be decided, by which policies, and what would change it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explanation {
    /// What would be decided.
    pub decision: Decision,
    /// The policies that decide, by id.
    pub policies: Vec<Deciding>,
    /// What would by itself change the decision, each with what it would become.
    pub would_change: Vec<Change>,
}

/// A decision, without its reasons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decision {
    /// Permitted, refused, or an error of a policy, which refuses.
    pub outcome: Outcome,
    /// The segments released; empty for an action that is not by segment.
    pub released: SegmentSet,
}

/// A policy that takes part in a decision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deciding {
    /// Its `@id`.
    pub id: String,
    /// The rule it makes real.
    pub rule: String,
    /// Where that comes from.
    pub source: String,
    /// On what a permit rests; a policy that forbids needs nothing.
    pub basis: Option<LegalBasis>,
    /// What it obliges to.
    pub obligations: Vec<&'static str>,
    /// The segments on which it decides; empty for an action that is not by segment.
    pub segments: SegmentSet,
}

/// Something that would by itself change a decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    /// What would be otherwise.
    pub what: Otherwise,
    /// What the decision would be.
    pub decision: Decision,
}

/// One thing that could be otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// A fact, held or not.
    Fact(Fact, bool),
    /// The person's consent to a segment, given or not.
    Consent(Segment, bool),
    /// The same on paper.
    InWriting(Segment, bool),
    /// How the asking agency stands to the record.
    Relation(Relation),
}

impl Engine {
    /// Explains what would be decided.
    pub fn explain(&self, supposed: &Supposed) -> Explanation {
        let key = key_of(supposed);
        let decided = self.work_out(&key);
        let decision = Decision { outcome: decided.outcome, released: decided.released };
        Explanation {
            decision,
            policies: self.deciding(&key),
            would_change: self.changes(supposed, decision),
        }
    }

    /// The policies that permit or forbid, each with its segments.
    fn deciding(&self, key: &Key) -> Vec<Deciding> {
        let by_segment = key.action.by_segment();
        let mut segments_of: BTreeMap<String, SegmentSet> = BTreeMap::new();
        let segments = if by_segment { Segment::ALL } else { &[Segment::Identity] };
        for segment in segments {
            let ids: BTreeSet<String> = match self.ask(&key.question(*segment)) {
                Verdict::Allow(ids) | Verdict::Deny(ids) | Verdict::Error(ids) => ids,
            };
            for id in ids {
                let of_one = segments_of.entry(id).or_default();
                if by_segment {
                    *of_one = of_one.with(*segment);
                }
            }
        }
        let policy = |(id, segments): (String, SegmentSet)| {
            self.bundle().policies.get(&id).map(|policy| Deciding::of(policy, segments))
        };
        segments_of.into_iter().filter_map(policy).collect()
    }

    /// What policies on the action look at, tried otherwise one by one.
    fn changes(&self, supposed: &Supposed, decision: Decision) -> Vec<Change> {
        let Some(shape) = self.shape(supposed.action) else { return Vec::new() };
        let is_looked_at = |fact: &Fact| shape.facts.holds(*fact);
        let has_person = Resource::of(supposed.action) != Resource::Gateway;
        let mut others = Vec::new();
        for fact in Fact::ALL.iter().copied().filter(is_looked_at) {
            match fact {
                Fact::Consented => {
                    others.extend(Self::segments_otherwise(supposed, supposed.consented, Otherwise::Consent))
                }
                Fact::InWriting => others.extend(Self::segments_otherwise(
                    supposed,
                    supposed.in_writing,
                    Otherwise::InWriting,
                )),
                _ => others.push(Otherwise::Fact(fact, !supposed.facts.contains(&fact))),
            }
        }
        if has_person && shape.looks_at_relation {
            let relations = Relation::ALL.iter().copied().filter(|relation| *relation != supposed.relation);
            others.extend(relations.map(Otherwise::Relation));
        }
        others
            .into_iter()
            .filter_map(|what| {
                let decided = self.work_out(&key_of(&supposed.otherwise(what)));
                let changed = Decision { outcome: decided.outcome, released: decided.released };
                (changed != decision).then_some(Change { what, decision: changed })
            })
            .collect()
    }

    /// Each segment that consent could add or take away; of an action that is not by segment any of them stands for all.
    fn segments_otherwise(
        supposed: &Supposed,
        now: SegmentSet,
        what: fn(Segment, bool) -> Otherwise,
    ) -> Vec<Otherwise> {
        if !supposed.action.by_segment() {
            return vec![what(Segment::Identity, now.is_empty())];
        }
        Segment::ALL.iter().map(|segment| what(*segment, !now.contains(*segment))).collect()
    }
}

impl Supposed {
    fn otherwise(&self, what: Otherwise) -> Self {
        let mut other = self.clone();
        let by_segment = self.action.by_segment();
        let set = |segments: SegmentSet, segment: Segment, holds: bool| match holds {
            true => segments.with(segment),
            false if by_segment => segments.without(SegmentSet::EMPTY.with(segment)),
            false => SegmentSet::EMPTY,
        };
        match what {
            Otherwise::Fact(fact, true) => other.facts.push(fact),
            Otherwise::Fact(fact, false) => other.facts.retain(|held| *held != fact),
            Otherwise::Consent(segment, holds) => other.consented = set(self.consented, segment, holds),
            Otherwise::InWriting(segment, holds) => other.in_writing = set(self.in_writing, segment, holds),
            Otherwise::Relation(relation) => other.relation = relation,
        }
        other
    }
}

impl Deciding {
    fn of(policy: &Annotated, segments: SegmentSet) -> Self {
        Self {
            id: policy.id.clone(),
            rule: policy.rule.clone(),
            source: policy.source.clone(),
            basis: policy.basis.clone(),
            obligations: policy.obligations.iter().map(|obligation| obligation.code()).collect(),
            segments,
        }
    }
}

fn key_of(supposed: &Supposed) -> Key {
    let facts: FactSet = supposed.facts.iter().copied().collect();
    Key {
        action: supposed.action,
        agency_type: supposed.agency_type,
        role: supposed.role,
        purpose: supposed.purpose,
        custodian: supposed.custodian,
        relation: supposed.relation,
        consented: supposed.consented,
        in_writing: supposed.in_writing,
        facts: facts.set(Fact::Consented, false).set(Fact::InWriting, false),
    }
}

#[cfg(test)]
#[path = "explain_tests.rs"]
mod tests;
