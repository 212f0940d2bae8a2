//! From a question to what Cedar is asked: two entities and a context, built in Rust, never from JSON.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::str::FromStr;

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, ParseErrors, Request,
    RestrictedExpression,
};

use super::action::ActionName;
use super::facts::{Gathered, Relation};
use super::resource::Resource;
use crate::vocabulary::{AgencyType, Purpose, Role, Segment};

crate::code_list! {
    /// A fact as policies see it: an attribute of the context, true or false.
    pub enum Fact {
        Consented = "consented",
        ReferralLive = "referral_live",
        ReleaseDateSet = "release_date_set",
        DestinationKnown = "destination_known",
        Signed = "signed",
        IdentityChecked = "identity_checked",
        Required = "required",
        NoticeServed = "notice_served",
        Warned = "warned",
        InWriting = "in_writing",
        Minor = "minor",
        GlassBroken = "glass_broken",
    }
}

/// Which facts hold; small enough to copy and to key a cache with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct FactSet(u16);

impl FactSet {
    pub(super) const NONE: Self = Self(0);

    /// What was found that is one for all segments. [`Fact::Consented`] and [`Fact::InWriting`] are not among it: each segment has its own.
    pub(super) fn of(gathered: &Gathered) -> Self {
        Self::NONE
            .set(Fact::ReferralLive, gathered.referral_live)
            .set(Fact::ReleaseDateSet, gathered.release_date_set)
            .set(Fact::DestinationKnown, gathered.destination_known)
            .set(Fact::Signed, gathered.signed)
            .set(Fact::IdentityChecked, gathered.identity_checked)
            .set(Fact::Required, gathered.required)
            .set(Fact::NoticeServed, gathered.notice_served)
            .set(Fact::Warned, gathered.warned)
            .set(Fact::Minor, gathered.minor)
            .set(Fact::GlassBroken, gathered.glass_broken)
    }

    const fn bit(fact: Fact) -> u16 {
        match fact {
            Fact::Consented => 1,
            Fact::ReferralLive => 1 << 1,
            Fact::ReleaseDateSet => 1 << 2,
            Fact::DestinationKnown => 1 << 3,
            Fact::Signed => 1 << 4,
            Fact::IdentityChecked => 1 << 5,
            Fact::Required => 1 << 6,
            Fact::NoticeServed => 1 << 7,
            Fact::Warned => 1 << 8,
            Fact::InWriting => 1 << 9,
            Fact::Minor => 1 << 10,
            Fact::GlassBroken => 1 << 11,
        }
    }

    pub(super) const fn holds(self, fact: Fact) -> bool {
        self.0 & Self::bit(fact) != 0
    }

    #[must_use]
    pub(super) const fn set(self, fact: Fact, holds: bool) -> Self {
        if holds { Self(self.0 | Self::bit(fact)) } else { Self(self.0 & !Self::bit(fact)) }
    }

    #[must_use]
    pub(super) const fn only(self, mask: Self) -> Self {
        Self(self.0 & mask.0)
    }

    /// Every set of these facts, the largest first.
    pub(super) fn subsets(mask: Self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(mask), move |set| Some(Self(set.0.checked_sub(1)? & mask.0)))
    }
}

impl FromIterator<Fact> for FactSet {
    fn from_iter<I: IntoIterator<Item = Fact>>(facts: I) -> Self {
        facts.into_iter().fold(Self::NONE, |set, fact| set.set(fact, true))
    }
}

/// A list of codes that is an entity type in the schema.
pub(super) trait Coded: Copy + Ord + 'static {
    /// The entity type.
    const ENTITY: &'static str;
    /// Every code.
    const ALL: &'static [Self];
    /// The code as written.
    fn code(self) -> &'static str;
}

macro_rules! coded {
    ($($list:ident),+) => {
        $(impl Coded for $list {
            const ENTITY: &'static str = stringify!($list);
            const ALL: &'static [Self] = $list::ALL;
            fn code(self) -> &'static str { $list::code(self) }
        })+
    };
}
coded!(AgencyType, Role, Purpose, Segment, Relation);

/// One question to Cedar.
#[derive(Debug, Clone, Copy)]
pub(super) struct Question {
    pub(super) action: ActionName,
    pub(super) agency_type: AgencyType,
    pub(super) role: Role,
    pub(super) purpose: Purpose,
    pub(super) custodian: AgencyType,
    pub(super) relation: Relation,
    /// Looked at only where the action is by segment.
    pub(super) segment: Segment,
    pub(super) facts: FactSet,
}

/// Cedar would not build a question. Counts as an error of evaluation: deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Unbuildable;

/// The names of all codes and actions as Cedar knows them, made once.
#[derive(Debug)]
pub(super) struct Names {
    worker: EntityUid,
    slice: EntityUid,
    record: EntityUid,
    gateway: EntityUid,
    actions: BTreeMap<ActionName, EntityUid>,
    agency_types: BTreeMap<AgencyType, EntityUid>,
    roles: BTreeMap<Role, EntityUid>,
    purposes: BTreeMap<Purpose, EntityUid>,
    segments: BTreeMap<Segment, EntityUid>,
    relations: BTreeMap<Relation, EntityUid>,
}

impl Names {
    pub(super) fn new() -> Result<Self, Box<ParseErrors>> {
        Ok(Self {
            worker: uid(&kind("Worker")?, "asking"),
            slice: uid(&kind("Slice")?, "asked-for"),
            record: uid(&kind("Record")?, "asked-for"),
            gateway: uid(&kind("Gateway")?, "this"),
            actions: {
                let kind = kind("Action")?;
                ActionName::ALL.iter().map(|name| (*name, uid(&kind, name.code()))).collect()
            },
            agency_types: codes()?,
            roles: codes()?,
            purposes: codes()?,
            segments: codes()?,
            relations: codes()?,
        })
    }

    #[cfg(test)]
    pub(super) fn build(&self, question: &Question) -> Result<(Request, Entities), Unbuildable> {
        Asking::new(self, question).build(question)
    }

    fn worker(&self, question: &Question) -> Result<Entity, Unbuildable> {
        let attributes = HashMap::from([
            ("agency_type".to_owned(), value(&self.agency_types, question.agency_type)?),
            ("role".to_owned(), value(&self.roles, question.role)?),
        ]);
        entity(&self.worker, attributes)
    }

    fn context(&self, question: &Question) -> Result<Context, Unbuildable> {
        let facts = Fact::ALL.iter().map(|fact| {
            let holds = RestrictedExpression::new_bool(question.facts.holds(*fact));
            (fact.code().to_owned(), holds)
        });
        let purpose = ("purpose".to_owned(), value(&self.purposes, question.purpose)?);
        Context::from_pairs(facts.chain([purpose])).map_err(|_| Unbuildable)
    }
}

/// One asker with one action, who is asked about segment by segment: what is the same for each is made once.
#[derive(Debug)]
pub(super) struct Asking<'n> {
    names: &'n Names,
    worker: Result<Entity, Unbuildable>,
    contexts: BTreeMap<FactSet, Context>,
}

impl<'n> Asking<'n> {
    /// The asker of this question. All others that are asked of it have the same asker, action and purpose.
    pub(super) fn new(names: &'n Names, question: &Question) -> Self {
        Self { names, worker: names.worker(question), contexts: BTreeMap::new() }
    }

    /// What Cedar is asked: the request, and the two entities that it speaks of.
    pub(super) fn build(&mut self, question: &Question) -> Result<(Request, Entities), Unbuildable> {
        let names = self.names;
        let resource = Resource::of(question.action);
        let asked_for = match resource {
            Resource::Slice => &names.slice,
            Resource::Record => &names.record,
            Resource::Gateway => &names.gateway,
        };
        let mut attributes = HashMap::with_capacity(3);
        if resource == Resource::Slice {
            attributes.insert("segment".to_owned(), value(&names.segments, question.segment)?);
        }
        if resource != Resource::Gateway {
            attributes.insert("custodian".to_owned(), value(&names.agency_types, question.custodian)?);
            attributes.insert("relation".to_owned(), value(&names.relations, question.relation)?);
        }
        let entities = Entities::from_entities([self.worker.clone()?, entity(asked_for, attributes)?], None)
            .map_err(|_| Unbuildable)?;

        let context = match self.contexts.get(&question.facts) {
            Some(context) => context.clone(),
            None => {
                let context = names.context(question)?;
                self.contexts.insert(question.facts, context.clone());
                context
            }
        };
        let request = Request::new(
            names.worker.clone(),
            names.actions.get(&question.action).cloned().ok_or(Unbuildable)?,
            asked_for.clone(),
            context,
            None,
        )
        .map_err(|_| Unbuildable)?;
        Ok((request, entities))
    }
}

fn kind(name: &str) -> Result<EntityTypeName, Box<ParseErrors>> {
    EntityTypeName::from_str(name).map_err(Box::new)
}

fn uid(kind: &EntityTypeName, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.clone(), EntityId::new(id))
}

fn codes<C: Coded>() -> Result<BTreeMap<C, EntityUid>, Box<ParseErrors>> {
    let kind = kind(C::ENTITY)?;
    Ok(C::ALL.iter().map(|code| (*code, uid(&kind, code.code()))).collect())
}

fn value<C: Coded>(codes: &BTreeMap<C, EntityUid>, code: C) -> Result<RestrictedExpression, Unbuildable> {
    let uid = codes.get(&code).cloned().ok_or(Unbuildable)?;
    Ok(RestrictedExpression::new_entity_uid(uid))
}

fn entity(uid: &EntityUid, attributes: HashMap<String, RestrictedExpression>) -> Result<Entity, Unbuildable> {
    Entity::new(uid.clone(), attributes, HashSet::new()).map_err(|_| Unbuildable)
}

#[cfg(test)]
#[path = "entities_tests.rs"]
mod tests;
