//! A type of agency, a role, a purpose and a segment that the policies do not know yet: to the first three nothing of others is disclosed,
//! and of the last nothing to anybody but its author.

use std::collections::BTreeSet;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityUid, Request, RestrictedExpression,
};

use super::action::ActionName;
use super::bundle::Bundle;
use super::engine::Engine;
use super::entities::{Fact, FactSet, Names, Question};
use super::facts::Relation;
use super::resource::Resource;
use super::shape::{Shape, firsts};

/// What is exchanged for a code that nobody knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum New {
    AgencyType,
    Role,
    Purpose,
    Segment,
}

impl New {
    /// The attribute that holds it, and its entity type.
    const fn attribute(self) -> (&'static str, &'static str) {
        match self {
            Self::AgencyType => ("agency_type", "AgencyType"),
            Self::Role => ("role", "Role"),
            Self::Purpose => ("purpose", "Purpose"),
            Self::Segment => ("segment", "Segment"),
        }
    }

    fn code(self) -> RestrictedExpression {
        let uid = EntityUid::from_str(&format!("{}::\"brand-new\"", self.attribute().1)).unwrap();
        RestrictedExpression::new_entity_uid(uid)
    }

    /// An entity with the new code in its attribute, if it has that.
    fn put(self, entity: Entity) -> Entity {
        let (uid, mut attributes, parents) = entity.into_inner();
        if let Some(place) = attributes.get_mut(self.attribute().0) {
            *place = self.code();
        }
        Entity::new(uid, attributes, parents).unwrap()
    }
}

struct Asked {
    engine: Engine,
    names: Names,
    authorizer: Authorizer,
}

impl Asked {
    fn new() -> Self {
        Self {
            engine: Engine::new(Bundle::embedded().unwrap()),
            names: Names::new().unwrap(),
            authorizer: Authorizer::new(),
        }
    }

    /// The policies that permit this with the new code in its place.
    fn permits(&self, new: New, question: &Question) -> BTreeSet<String> {
        let (request, entities) = self.names.build(question).unwrap();
        let entities =
            Entities::from_entities(entities.into_iter().map(|entity| new.put(entity)), None).unwrap();
        let facts = Fact::ALL.iter().map(|fact| {
            (fact.code().to_owned(), RestrictedExpression::new_bool(question.facts.holds(*fact)))
        });
        let purpose = match new {
            New::Purpose => new.code(),
            _ => RestrictedExpression::new_entity_uid(
                EntityUid::from_str(&format!("Purpose::\"{}\"", question.purpose)).unwrap(),
            ),
        };
        let context = Context::from_pairs(facts.chain([("purpose".to_owned(), purpose)])).unwrap();
        let request = Request::new(
            request.principal().unwrap().clone(),
            request.action().unwrap().clone(),
            request.resource().unwrap().clone(),
            context,
            None,
        )
        .unwrap();
        let policies = &self.engine.bundle().by_action[&question.action].set;
        let response = self.authorizer.is_authorized(&request, policies, &entities);
        assert_eq!(response.diagnostics().errors().count(), 0);
        match response.decision() {
            Decision::Allow => response.diagnostics().reason().map(ToString::to_string).collect(),
            Decision::Deny => BTreeSet::new(),
        }
    }

    /// Every permit to something that stands so to the asking agency, with the new code in its place.
    fn permitted(&self, new: New, relations: &[Relation]) -> BTreeSet<(ActionName, String)> {
        let mut found = BTreeSet::new();
        for action in ActionName::ALL.iter().copied() {
            let is_left_out = match Resource::of(action) {
                Resource::Gateway => true,
                Resource::Record => new == New::Segment,
                Resource::Slice => false,
            };
            if let Some(shape) = self.engine.shape(action).filter(|_| !is_left_out) {
                self.add_permitted(new, action, (shape, relations), &mut found);
            }
        }
        found
    }

    fn add_permitted(
        &self,
        new: New,
        action: ActionName,
        (shape, relations): (&Shape, &[Relation]),
        found: &mut BTreeSet<(ActionName, String)>,
    ) {
        // One of what is exchanged stands for all; and what is denied when all facts hold is denied always, where no policy negates
        // one.
        let one_of = |is_new: bool| if is_new { 1 } else { usize::MAX };
        let states = if shape.more_facts_permit_more { 1 } else { usize::MAX };
        for agency_type in firsts(&shape.agency_types).take(one_of(new == New::AgencyType)) {
            for role in firsts(&shape.roles).take(one_of(new == New::Role)) {
                for purpose in firsts(&shape.purposes).take(one_of(new == New::Purpose)) {
                    for custodian in firsts(&shape.custodians) {
                        for relation in relations.iter().copied() {
                            for segment in firsts(&shape.segments).take(one_of(new == New::Segment)) {
                                for facts in FactSet::subsets(shape.facts).take(states) {
                                    let question = Question {
                                        action,
                                        agency_type,
                                        role,
                                        purpose,
                                        custodian,
                                        relation,
                                        segment,
                                        facts,
                                    };
                                    let permits = self.permits(new, &question);
                                    found.extend(permits.into_iter().map(|policy| (action, policy)));
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

const OF_OTHERS: [Relation; 3] = [Relation::Addressed, Relation::Party, Relation::None];

#[test]
fn what_is_new_is_given_nothing_of_others_and_is_given_to_nobody() {
    let asked = Asked::new();
    for new in [New::AgencyType, New::Role, New::Purpose, New::Segment] {
        assert_eq!(asked.permitted(new, &OF_OTHERS), BTreeSet::new(), "{new:?}");
    }
    // It can make no record of anybody either, so that there is none to be given to others.
    assert_eq!(asked.permitted(New::AgencyType, &[Relation::Own]), BTreeSet::new());
}
