//! The engine: asks Cedar segment by segment, denies on any error, and remembers decisions by what they depend on.

use std::collections::{BTreeMap, BTreeSet};
use std::marker::PhantomData;
use std::sync::Arc;

use cedar_policy::{AuthorizationError, Authorizer, Decision};

use super::action::{Action, ActionName};
use super::annotations::Obligation;
use super::bundle::Bundle;
use super::cache::Cache;
use super::decided::{Decided, listed};
use super::entities::{Asking, Fact, FactSet, Question};
use super::facts::{Facts, Gathered, Relation};
use super::permit::{Cause, Denial, Grounds, Permit};
use super::shape::{Shape, representative};
use crate::identity::principal::Principal;
use crate::vocabulary::{AgencyType, Outcome, Purpose, Role, Segment, SegmentSet};

/// Room for decisions: at about 300 bytes each, some 20 MB.
const REMEMBERED: usize = 1 << 16;

/// Decides. One for a policy set; shared by all threads.
#[derive(Debug)]
pub struct Engine {
    bundle: Bundle,
    authorizer: Authorizer,
    shapes: BTreeMap<ActionName, Shape>,
    decisions: Cache<Key, Arc<Decided>>,
    possible: Cache<(ActionName, AgencyType, Role, Purpose), bool>,
    /// What [`Engine::consent_would_show`] found, for each recipient's type, custodian's type and purpose.
    pub(super) previews: Cache<(AgencyType, AgencyType, Purpose), SegmentSet>,
    /// What [`Engine::consent_opens`] found, for the same and whether it is in writing.
    pub(super) opened: Cache<(AgencyType, AgencyType, Purpose, bool), SegmentSet>,
}

/// Everything that a decision depends on, beside the policy set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Key {
    pub(super) action: ActionName,
    pub(super) agency_type: AgencyType,
    pub(super) role: Role,
    pub(super) purpose: Purpose,
    pub(super) custodian: AgencyType,
    pub(super) relation: Relation,
    pub(super) consented: SegmentSet,
    pub(super) in_writing: SegmentSet,
    /// [`Fact::Consented`] and [`Fact::InWriting`] are never among them here: they follow from the two sets, segment by segment.
    pub(super) facts: FactSet,
}

/// Cedar's answer to one question.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Permitted by these.
    Allow(BTreeSet<String>),
    /// Forbidden by these; by none, if nothing permits it.
    Deny(BTreeSet<String>),
    /// A policy could not be evaluated. Cedar would go on without it, even without a `forbid`.
    Error(BTreeSet<String>),
}

impl Engine {
    /// An engine for this policy set.
    pub fn new(bundle: Bundle) -> Self {
        let shapes = bundle
            .by_action
            .iter()
            .map(|(name, policies)| (*name, Shape::of(*name, &policies.atoms)))
            .collect();
        Self {
            bundle,
            authorizer: Authorizer::new(),
            shapes,
            decisions: Cache::new(REMEMBERED),
            possible: Cache::new(REMEMBERED),
            previews: Cache::new(REMEMBERED),
            opened: Cache::new(REMEMBERED),
        }
    }

    /// The hash of the policy set; see [`Bundle::hash`].
    pub fn hash(&self) -> &str {
        self.bundle.hash()
    }

    /// The policy set.
    pub fn bundle(&self) -> &Bundle {
        &self.bundle
    }

    /// Decides whether this worker may do this, given these facts.
    ///
    /// Where the action is by segment, each segment is a decision of its own, and the permit is for those that were permitted;
    /// it takes one. Policy ids and obligations are the union over the permits that matched, sorted. The basis is that of the
    /// first of them by id. Without a target no segment is
    /// permitted, and there is no custodian but the asking agency itself: it asks for a list of its own, or about an anonymous slot.
    ///
    /// # Errors
    ///
    /// A [`Denial`] where nothing permits it, a policy forbids it, or a policy could not be evaluated (`Outcome::Error`).
    #[allow(clippy::result_large_err, reason = "a refusal goes into the log with all that a permit holds")]
    pub fn decide<A: Action>(&self, principal: &Principal, facts: Facts) -> Result<Permit<A>, Denial> {
        let Facts(gathered) = facts;
        let key = self.key(A::NAME, principal.agency_type, principal.role, principal.purpose, &gathered);
        let decided = self.decisions.get_or_insert_with(key, || Arc::new(self.work_out(&key)));
        let grounds = self.grounds(&decided, gathered);
        match decided.outcome {
            Outcome::Permitted => Ok(Permit { grounds, action: PhantomData }),
            outcome @ (Outcome::Refused | Outcome::Error) => {
                Err(Denial { grounds, cause: decided.cause, outcome })
            }
        }
    }

    /// Asks Cedar, without remembering.
    pub(super) fn ask(&self, question: &Question) -> Verdict {
        self.ask_as(&mut Asking::new(&self.bundle.names, question), question)
    }

    fn ask_as(&self, asking: &mut Asking<'_>, question: &Question) -> Verdict {
        let Some(policies) = self.bundle.by_action.get(&question.action) else {
            return Verdict::Deny(BTreeSet::new());
        };
        let Ok((request, entities)) = asking.build(question) else {
            return Verdict::Error(BTreeSet::new());
        };
        let response =
            self.authorizer.is_authorized(&request, policies.of_asker(question.agency_type), &entities);
        let diagnostics = response.diagnostics();
        let failed: BTreeSet<_> = diagnostics
            .errors()
            .map(|AuthorizationError::PolicyEvaluationError(error)| error.policy_id().to_string())
            .collect();
        if !failed.is_empty() {
            return Verdict::Error(failed);
        }
        let reasons = diagnostics.reason().map(ToString::to_string).collect();
        match response.decision() {
            Decision::Allow => Verdict::Allow(reasons),
            Decision::Deny => Verdict::Deny(reasons),
        }
    }

    /// The states of the facts under which this is permitted, with the permits that do so.
    pub(super) fn ask_under_all_facts(
        &self,
        shape: &Shape,
        question: Question,
    ) -> impl Iterator<Item = (Question, BTreeSet<String>)> {
        let hopeless = shape.more_facts_permit_more
            && matches!(self.ask(&Question { facts: shape.facts, ..question }), Verdict::Deny(_));
        FactSet::subsets(shape.facts).take_while(move |_| !hopeless).filter_map(move |facts| {
            let question = Question { facts, ..question };
            match self.ask(&question) {
                Verdict::Allow(ids) => Some((question, ids)),
                Verdict::Deny(_) | Verdict::Error(_) => None,
            }
        })
    }

    pub(super) fn shape(&self, action: ActionName) -> Option<&Shape> {
        self.shapes.get(&action)
    }

    /// What the decision depends on, and no more: what no policy on the action looks at is set to one and the same value, so that
    /// requests that cannot differ share an entry.
    fn key(
        &self,
        action: ActionName,
        agency_type: AgencyType,
        role: Role,
        purpose: Purpose,
        gathered: &Gathered,
    ) -> Key {
        let (custodian, relation) = match &gathered.target {
            Some(target) => (target.custodian_type, gathered.relation),
            None if action.by_segment() => (agency_type, Relation::None),
            None => (agency_type, gathered.relation),
        };
        let facts = FactSet::of(gathered);
        let mut key = Key {
            action,
            agency_type,
            role,
            purpose,
            custodian,
            relation,
            consented: gathered.consented,
            in_writing: gathered.in_writing,
            facts,
        };
        let Some(shape) = self.shape(action) else {
            return key;
        };
        key.facts = facts.only(shape.facts);
        if !shape.looks_at_custodian {
            key.custodian = agency_type;
        }
        if !shape.looks_at_relation {
            key.relation = Relation::None;
        }
        let seen = |fact, segments: SegmentSet| match shape.facts.holds(fact) {
            false => SegmentSet::EMPTY,
            true if !action.by_segment() && !segments.is_empty() => SegmentSet::all(),
            true => segments,
        };
        key.consented = seen(Fact::Consented, key.consented);
        key.in_writing = seen(Fact::InWriting, key.in_writing);
        key
    }

    /// Decides, without remembering.
    pub(super) fn work_out(&self, key: &Key) -> Decided {
        let segments = if key.action.by_segment() { Segment::ALL } else { &[Segment::Identity] };
        let mut released = SegmentSet::EMPTY;
        let mut permitting = BTreeSet::new();
        let mut forbidding = BTreeSet::new();
        let mut asked = BTreeMap::new();
        let mut asking = Asking::new(&self.bundle.names, &key.question(Segment::Identity));
        for segment in segments {
            let question = self.narrowed(key.question(*segment));
            let verdict = asked
                .entry((question.segment, question.facts))
                .or_insert_with(|| self.ask_as(&mut asking, &question));
            match verdict {
                Verdict::Allow(ids) => {
                    released = released.with(*segment);
                    permitting.extend(ids.iter().cloned());
                }
                Verdict::Deny(ids) => forbidding.extend(ids.iter().cloned()),
                Verdict::Error(ids) => return Decided::error(std::mem::take(ids)),
            }
        }
        if released.is_empty() {
            return self.refusal(key, forbidding);
        }
        self.permission(key.action, released, permitting)
    }

    /// The question about the segment that stands for all of which the policies see no difference to this one.
    fn narrowed(&self, question: Question) -> Question {
        let classes = self.shape(question.action).map_or(&[][..], |shape| &shape.segments);
        Question { segment: representative(classes, question.segment), ..question }
    }

    fn permission(&self, action: ActionName, released: SegmentSet, ids: BTreeSet<String>) -> Decided {
        let mut obligations: BTreeSet<Obligation> = BTreeSet::new();
        let mut basis = None;
        for id in &ids {
            // A permit that says nothing about itself obliges to something unknown: deny.
            let Some(policy) = self.bundle.policies.get(id) else {
                return Decided::error(ids);
            };
            obligations.extend(&policy.obligations);
            basis = basis.or_else(|| policy.basis.clone());
        }
        let mut obligations: Vec<_> = obligations.iter().map(ToString::to_string).collect();
        obligations.sort_unstable();
        let (released, withheld) = if action.by_segment() {
            (released, listed().without(released))
        } else {
            (SegmentSet::EMPTY, SegmentSet::EMPTY)
        };
        Decided {
            outcome: Outcome::Permitted,
            released,
            withheld,
            policy_ids: ids.into_iter().collect(),
            obligations,
            basis,
            reason_code: if withheld.is_empty() { "permitted" } else { "partial" },
            cause: Cause::StoredFacts,
        }
    }

    fn refusal(&self, key: &Key, forbidding: BTreeSet<String>) -> Decided {
        let possible = self.could_ever_be_permitted(key.action, key.agency_type, key.role, key.purpose);
        let (cause, reason_code) = match (possible, forbidding.is_empty()) {
            (false, true) => (Cause::RequestAlone, "no-rule"),
            (false, false) => (Cause::RequestAlone, "forbidden"),
            (true, true) => (Cause::StoredFacts, "facts-not-met"),
            (true, false) => (Cause::StoredFacts, "forbidden"),
        };
        Decided {
            outcome: Outcome::Refused,
            released: SegmentSet::EMPTY,
            withheld: if key.action.by_segment() { listed() } else { SegmentSet::EMPTY },
            policy_ids: forbidding.into_iter().collect(),
            obligations: Vec::new(),
            basis: None,
            reason_code,
            cause,
        }
    }

    /// Whether any facts at all could permit this: tried out over every state of the facts that policies can tell apart.
    pub(super) fn could_ever_be_permitted(
        &self,
        action: ActionName,
        agency_type: AgencyType,
        role: Role,
        purpose: Purpose,
    ) -> bool {
        let Some(shape) = self.shape(action) else {
            return false;
        };
        let agency_type = representative(&shape.agency_types, agency_type);
        let role = representative(&shape.roles, role);
        let purpose = representative(&shape.purposes, purpose);
        self.possible.get_or_insert_with((action, agency_type, role, purpose), || {
            shape.subjects().any(|(custodian, relation, segment)| {
                let facts = shape.facts;
                let question =
                    Question { action, agency_type, role, purpose, custodian, relation, segment, facts };
                self.ask_under_all_facts(shape, question).next().is_some()
            })
        })
    }

    fn grounds(&self, decided: &Decided, gathered: Gathered) -> Grounds {
        Grounds {
            target: gathered.target,
            released: decided.released,
            withheld: decided.withheld,
            policy_ids: decided.policy_ids.clone(),
            policy_set: self.hash().to_owned(),
            obligations: decided.obligations.clone(),
            basis: decided.basis.clone(),
            reason_code: decided.reason_code,
            consent_versions: gathered.consent_versions,
            visibility: gathered.visibility,
            valid_until: gathered.valid_until,
            epochs: gathered.epochs,
        }
    }
}

impl Key {
    /// What Cedar is asked about one segment.
    pub(super) fn question(&self, segment: Segment) -> Question {
        let holds = |segments: SegmentSet| {
            if self.action.by_segment() { segments.contains(segment) } else { !segments.is_empty() }
        };
        Question {
            action: self.action,
            agency_type: self.agency_type,
            role: self.role,
            purpose: self.purpose,
            custodian: self.custodian,
            relation: self.relation,
            segment,
            facts: self
                .facts
                .set(Fact::Consented, holds(self.consented))
                .set(Fact::InWriting, holds(self.in_writing)),
        }
    }
}

#[cfg(test)]
#[path = "engine_tests.rs"]
mod tests;
