//! A decision that is remembered is the one that Cedar would make now, on every action and whatever was decided before; and what ends
//! by itself is never remembered.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::facts::Epoch;
use super::super::fixture::{about, facts, principal};
use super::*;

static WARM: LazyLock<Engine> = LazyLock::new(|| Engine::new(Bundle::embedded().unwrap()));

prop_compose! {
    fn asking()(
        action in prop::sample::select(ActionName::ALL),
        agency_type in prop::sample::select(AgencyType::ALL),
        role in prop::sample::select(Role::ALL),
        purpose in prop::sample::select(Purpose::ALL),
    ) -> (ActionName, AgencyType, Role, Purpose) {
        (action, agency_type, role, purpose)
    }
}

/// Of the actions and askers that are ever permitted something, so that permits are not rare.
fn likely() -> impl Strategy<Value = (ActionName, AgencyType, Role, Purpose)> {
    asking().prop_filter("nothing permits it", |(action, agency_type, role, purpose)| {
        WARM.could_ever_be_permitted(*action, *agency_type, *role, *purpose)
    })
}

/// What Cedar says of each segment, of facts as they were gathered: nothing of the engine's own reductions.
fn afresh(
    asking: (ActionName, AgencyType, Role, Purpose),
    gathered: &Gathered,
) -> (SegmentSet, BTreeSet<String>) {
    let (action, agency_type, role, purpose) = asking;
    let (custodian, relation) = match &gathered.target {
        Some(target) => (target.custodian_type, gathered.relation),
        None if action.by_segment() => (agency_type, Relation::None),
        None => (agency_type, gathered.relation),
    };
    let segments = if action.by_segment() { Segment::ALL } else { &[Segment::Identity] };
    let (mut released, mut ids) = (SegmentSet::EMPTY, BTreeSet::new());
    for segment in segments.iter().copied() {
        let holds =
            |set: SegmentSet| if action.by_segment() { set.contains(segment) } else { !set.is_empty() };
        let facts = FactSet::of(gathered)
            .set(Fact::Consented, holds(gathered.consented))
            .set(Fact::InWriting, holds(gathered.in_writing));
        let question = Question { action, agency_type, role, purpose, custodian, relation, segment, facts };
        let verdict = of_all(&question);
        assert_eq!(WARM.ask(&question), verdict, "a policy was left out that has its say");
        if let Verdict::Allow(permitting) = verdict {
            released = released.with(segment);
            ids.extend(permitting);
        }
    }
    (released, ids)
}

/// What all policies on the action say, whosever request it is.
fn of_all(question: &Question) -> Verdict {
    let all = &WARM.bundle.by_action[&question.action].set;
    let (request, entities) = WARM.bundle.names.build(question).unwrap();
    let response = WARM.authorizer.is_authorized(&request, all, &entities);
    assert_eq!(response.diagnostics().errors().count(), 0);
    let reasons = response.diagnostics().reason().map(ToString::to_string).collect();
    match response.decision() {
        Decision::Allow => Verdict::Allow(reasons),
        Decision::Deny => Verdict::Deny(reasons),
    }
}

fn remembered(
    engine: &Engine,
    asking: (ActionName, AgencyType, Role, Purpose),
    gathered: &Gathered,
) -> Arc<Decided> {
    let (action, agency_type, role, purpose) = asking;
    let key = engine.key(action, agency_type, role, purpose, gathered);
    engine.decisions.get_or_insert_with(key, || Arc::new(engine.work_out(&key)))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn what_is_remembered_is_what_cedar_says_now_on_every_action(
        asking in likely(),
        walk in prop::collection::vec(facts(), 1..6),
    ) {
        for gathered in walk {
            let decided = remembered(&WARM, asking, &gathered);
            let (released, ids) = afresh(asking, &gathered);
            prop_assert_eq!(decided.outcome == Outcome::Permitted, !released.is_empty());
            if decided.outcome == Outcome::Permitted {
                let of_segments = if asking.0.by_segment() { released } else { SegmentSet::EMPTY };
                prop_assert_eq!(decided.released, of_segments);
                prop_assert_eq!(&decided.policy_ids, &ids.into_iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn what_ends_by_itself_comes_from_the_facts_each_time(
        who in prop::sample::select(AgencyType::ALL),
        gathered in facts(),
        (first, second) in (0_i64..1_000_000, 0_i64..1_000_000),
    ) {
        let asks = principal(who, Role::PrivacyOfficer, Purpose::SubjectAccess);
        for moment in [first, second] {
            let until = jiff::Timestamp::from_second(moment).ok();
            let epochs = vec![Epoch { scope: b"p".to_vec(), value: moment }];
            let versions = vec![format!("{moment}/1")];
            let facts = Gathered {
                valid_until: until, epochs: epochs.clone(), consent_versions: versions.clone(), ..gathered.clone()
            };
            let grounds = match WARM.decide::<crate::policy::action::ClientRead>(&asks, facts.seal()) {
                Ok(permit) => permit.grounds().clone(),
                Err(denial) => denial.grounds,
            };
            prop_assert_eq!(grounds.valid_until, until);
            prop_assert_eq!(grounds.epochs, epochs);
            prop_assert_eq!(grounds.consent_versions, versions);
        }
    }
}

#[test]
fn another_policy_set_remembers_nothing_of_the_one_before() {
    let asking = (ActionName::DirRead, AgencyType::Carat, Role::CaratWorker, Purpose::ContinuityOfCare);
    let own = about(AgencyType::Carat, Relation::Own);
    assert_eq!(remembered(&WARM, asking, &own).outcome, Outcome::Permitted);
    let forbid = r#"@id("none") @rule("6") @source("test") forbid (principal, action == Action::"dir.read", resource);"#;
    let dirs = include_str!("../../policies/dirs.cedar");
    let files = [("none.cedar", forbid), ("dirs.cedar", dirs)];
    let other = Engine::new(Bundle::parse(crate::policy::bundle::SCHEMA, &files).unwrap());
    assert_eq!(remembered(&other, asking, &own).outcome, Outcome::Refused);
    assert_eq!(remembered(&WARM, asking, &own).outcome, Outcome::Permitted);
}

/// Cedar goes on without a policy that it cannot evaluate, a `forbid` too.
#[test]
fn on_every_action_a_policy_that_cannot_be_evaluated_denies() {
    let actions: Vec<String> = ActionName::ALL.iter().map(|name| format!(r#"Action::"{name}""#)).collect();
    let basis = r#"@art6("public-task") @art9("not-applicable") @sch1_condition("none")"#;
    for (effect, basis) in [("forbid", ""), ("permit", basis)] {
        let broken = format!(
            r#"@id("broken") @rule("0") @source("test") {basis} {effect} (principal, action in [{}], resource)
            when {{ 9223372036854775807 + 1 > 0 }};"#,
            actions.join(", ")
        );
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
        let mut files = vec![("broken.cedar".to_owned(), broken)];
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|extension| extension == "cedar") {
                let name = path.file_name().unwrap().to_str().unwrap().to_owned();
                files.push((name, std::fs::read_to_string(&path).unwrap()));
            }
        }
        let files: Vec<(&str, &str)> =
            files.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        let engine = Engine::new(Bundle::parse(crate::policy::bundle::SCHEMA, &files).unwrap());
        for action in ActionName::ALL.iter().copied() {
            for agency_type in [AgencyType::Cjit, AgencyType::Operator, AgencyType::Police] {
                let own = about(agency_type, Relation::Own);
                let asking = (action, agency_type, Role::TeamManager, Purpose::ContinuityOfCare);
                assert_eq!(remembered(&engine, asking, &own).outcome, Outcome::Error, "{effect}: {action}");
            }
        }
    }
}
