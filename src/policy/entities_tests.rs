//! What Cedar is asked conforms to the schema, whatever is asked.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use cedar_policy::Schema;
use proptest::prelude::*;

use super::super::bundle::SCHEMA;
use super::*;

static SCHEMA_READ: LazyLock<Schema> = LazyLock::new(|| Schema::from_str(SCHEMA).unwrap());
static NAMES: LazyLock<Names> = LazyLock::new(|| Names::new().unwrap());

fn assert_same_codes<C: Coded>() {
    let json = cedar_policy::SchemaFragment::from_cedarschema_str(SCHEMA).unwrap().0.to_json_value().unwrap();
    let in_schema: BTreeSet<_> = json[""]["entityTypes"][C::ENTITY]["enum"]
        .as_array()
        .unwrap()
        .iter()
        .map(|code| code.as_str().unwrap().to_owned())
        .collect();
    let in_program: BTreeSet<_> = C::ALL.iter().map(|code| code.code().to_owned()).collect();
    assert_eq!(in_schema, in_program, "{}", C::ENTITY);
}

#[test]
fn the_schema_lists_exactly_the_codes_of_the_program() {
    assert_same_codes::<AgencyType>();
    assert_same_codes::<Role>();
    assert_same_codes::<Purpose>();
    assert_same_codes::<Segment>();
    assert_same_codes::<Relation>();
}

#[test]
fn the_schema_lists_exactly_the_actions_of_the_program() {
    let in_schema: BTreeSet<_> =
        SCHEMA_READ.actions().map(|action| action.id().unescaped().to_owned()).collect();
    let in_program: BTreeSet<_> = ActionName::ALL.iter().map(|name| name.code().to_owned()).collect();
    assert_eq!(in_schema, in_program);
}

#[test]
fn an_action_is_decided_by_segment_just_if_it_is_done_to_slices() {
    for action in ActionName::ALL {
        assert_eq!(Resource::of(*action) == Resource::Slice, action.by_segment(), "{action}");
    }
}

proptest! {
    #[test]
    fn every_question_that_is_built_conforms_to_the_schema(
        action in prop::sample::select(ActionName::ALL),
        agency_type in prop::sample::select(AgencyType::ALL),
        role in prop::sample::select(Role::ALL),
        purpose in prop::sample::select(Purpose::ALL),
        custodian in prop::sample::select(AgencyType::ALL),
        relation in prop::sample::select(Relation::ALL),
        segment in prop::sample::select(Segment::ALL),
        facts in prop::sample::subsequence(Fact::ALL, 0..=Fact::ALL.len()),
    ) {
        let facts = facts.into_iter().collect();
        let question = Question { action, agency_type, role, purpose, custodian, relation, segment, facts };
        let (request, entities) = NAMES.build(&question).unwrap();
        let schema = &*SCHEMA_READ;
        let context = NAMES.context(&question).unwrap();
        let checked = Request::new(
            request.principal().unwrap().clone(),
            request.action().unwrap().clone(),
            request.resource().unwrap().clone(),
            context,
            Some(schema),
        );
        prop_assert!(checked.is_ok(), "{:?}", checked.err());
        prop_assert!(Entities::from_entities(entities, Some(schema)).is_ok());
    }
}
