//! What decisions on one action can depend on, in classes that its policies cannot tell apart.

use super::action::ActionName;
use super::atoms::Atoms;
use super::entities::{Coded, Fact, FactSet, Question};
use super::facts::Relation;
use super::resource::Resource;
use crate::vocabulary::{AgencyType, Purpose, Role, Segment};

/// What decisions on one action can depend on.
#[derive(Debug)]
pub(super) struct Shape {
    pub(super) agency_types: Vec<Vec<AgencyType>>,
    pub(super) roles: Vec<Vec<Role>>,
    pub(super) purposes: Vec<Vec<Purpose>>,
    pub(super) custodians: Vec<Vec<AgencyType>>,
    pub(super) relations: Vec<Vec<Relation>>,
    pub(super) segments: Vec<Vec<Segment>>,
    /// The facts that a policy looks at.
    pub(super) facts: FactSet,
    pub(super) more_facts_permit_more: bool,
    pub(super) looks_at_custodian: bool,
    pub(super) looks_at_relation: bool,
}

impl Shape {
    pub(super) fn of(action: ActionName, atoms: &Atoms) -> Self {
        let resource = Resource::of(action);
        let agency_types = atoms.classes();
        let looks_at_custodian = resource != Resource::Gateway && atoms.mention_attribute("custodian");
        let looks_at_relation = resource != Resource::Gateway && atoms.mention_attribute("relation");
        let one_class = |all: &[AgencyType]| vec![all.to_vec()];
        Self {
            custodians: if looks_at_custodian { atoms.classes() } else { one_class(AgencyType::ALL) },
            relations: if looks_at_relation { atoms.classes() } else { vec![Relation::ALL.to_vec()] },
            segments: if resource == Resource::Slice { atoms.classes() } else { vec![Segment::ALL.to_vec()] },
            agency_types,
            roles: atoms.classes(),
            purposes: atoms.classes(),
            facts: Fact::ALL.iter().copied().filter(|fact| atoms.mention(*fact)).collect(),
            more_facts_permit_more: atoms.more_facts_permit_more(),
            looks_at_custodian,
            looks_at_relation,
        }
    }

    /// Every question that policies on the action can tell apart, with all facts that they look at.
    pub(super) fn questions(&self, action: ActionName) -> impl Iterator<Item = Question> {
        firsts(&self.agency_types).flat_map(move |agency_type| {
            firsts(&self.roles).flat_map(move |role| {
                firsts(&self.purposes).flat_map(move |purpose| {
                    self.subjects().map(move |(custodian, relation, segment)| Question {
                        action,
                        agency_type,
                        role,
                        purpose,
                        custodian,
                        relation,
                        segment,
                        facts: self.facts,
                    })
                })
            })
        })
    }

    /// One of each class of custodian, relation and segment, in every combination.
    pub(super) fn subjects(&self) -> impl Iterator<Item = (AgencyType, Relation, Segment)> {
        firsts(&self.custodians).flat_map(move |custodian| {
            firsts(&self.relations).flat_map(move |relation| {
                firsts(&self.segments).map(move |segment| (custodian, relation, segment))
            })
        })
    }
}

/// The first of each class.
pub(super) fn firsts<C: Coded>(classes: &[Vec<C>]) -> impl Iterator<Item = C> {
    classes.iter().filter_map(|class| class.first().copied())
}

/// The code that stands for this one.
pub(super) fn representative<C: Coded>(classes: &[Vec<C>], code: C) -> C {
    classes
        .iter()
        .find(|class| class.contains(&code))
        .and_then(|class| class.first().copied())
        .unwrap_or(code)
}
