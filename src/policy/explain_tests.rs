//! What is explained is what is decided, and what is said to change it does.

use std::sync::LazyLock;

use proptest::prelude::*;

use super::super::action::DirRead;
use super::super::bundle::Bundle;
use super::super::facts::Gathered;
use super::super::fixture::{about, principal, set};
use super::*;

static ENGINE: LazyLock<Engine> = LazyLock::new(|| Engine::new(Bundle::embedded().unwrap()));

/// The team in the area reads what the prison's team sent ahead of a release.
fn over_the_gate() -> Supposed {
    Supposed {
        agency_type: AgencyType::Cjit,
        role: Role::CaseManager,
        purpose: Purpose::ContinuityOfCare,
        action: ActionName::DirRead,
        custodian: AgencyType::Carat,
        relation: Relation::Addressed,
        consented: set("identity prescribing sex-work"),
        in_writing: SegmentSet::EMPTY,
        facts: vec![Fact::Signed, Fact::ReferralLive, Fact::ReleaseDateSet],
    }
}

fn whats(explanation: &Explanation) -> Vec<Otherwise> {
    explanation.would_change.iter().map(|change| change.what).collect()
}

#[test]
fn it_names_the_rule_the_basis_and_the_segments() {
    let explained = ENGINE.explain(&over_the_gate());
    let expected = Decision { outcome: Outcome::Permitted, released: set("identity prescribing") };
    assert_eq!(explained.decision, expected);
    let [policy] = explained.policies.as_slice() else { panic!("{:?}", explained.policies) };
    assert_eq!((policy.id.as_str(), policy.rule.as_str()), ("dirs.release.read", "9"));
    assert_eq!(policy.segments, set("identity prescribing"));
    assert!(policy.basis.as_ref().is_some_and(|basis| basis.confidentiality.is_some()));
    assert!(policy.obligations.contains(&"MINEC"));
}

#[test]
fn it_names_what_would_change_it_by_itself() {
    let explained = ENGINE.explain(&over_the_gate());
    let whats = whats(&explained);
    for fact in [Fact::Signed, Fact::ReferralLive, Fact::ReleaseDateSet] {
        assert!(whats.contains(&Otherwise::Fact(fact, false)), "{fact}: {whats:?}");
    }
    assert!(whats.contains(&Otherwise::Consent(Segment::Identity, false)));
    assert!(whats.contains(&Otherwise::Consent(Segment::DrugUse, true)));
    assert!(whats.contains(&Otherwise::Relation(Relation::Own)));
    // No consent opens a silent segment, and none is withdrawn that opened it.
    assert!(!whats.contains(&Otherwise::Consent(Segment::SexWork, false)), "{whats:?}");
    let unsigned = Supposed { facts: vec![Fact::ReferralLive, Fact::ReleaseDateSet], ..over_the_gate() };
    let explained = ENGINE.explain(&unsigned);
    assert_eq!(explained.decision.outcome, Outcome::Refused);
    let signed =
        explained.would_change.iter().find(|change| change.what == Otherwise::Fact(Fact::Signed, true));
    assert_eq!(signed.unwrap().decision.released, set("identity prescribing"));
}

#[test]
fn what_is_forbidden_names_who_forbids_it_and_nothing_changes_it() {
    let police = Supposed {
        agency_type: AgencyType::Police,
        role: Role::DipOfficer,
        purpose: Purpose::CourtOrStatutory,
        ..over_the_gate()
    };
    let explained = ENGINE.explain(&police);
    assert_eq!(explained.decision.outcome, Outcome::Refused);
    assert_eq!(
        explained.policies.iter().map(|policy| policy.id.as_str()).collect::<Vec<_>>(),
        ["dirs.police"]
    );
    assert_eq!(explained.would_change, []);
}

#[test]
fn breaking_the_glass_is_what_opens_it_and_never_a_silent_segment() {
    let doctor = Supposed {
        agency_type: AgencyType::EmergencyDepartment,
        role: Role::Prescriber,
        purpose: Purpose::VitalInterests,
        action: ActionName::BreakGlassRead,
        consented: SegmentSet::all(),
        facts: Vec::new(),
        ..over_the_gate()
    };
    let explained = ENGINE.explain(&doctor);
    assert_eq!(explained.decision.outcome, Outcome::Refused);
    assert_eq!(whats(&explained), [Otherwise::Fact(Fact::GlassBroken, true)]);
    let opened = set("identity contact drug-use alcohol-use prescribing drug-test physical-health risk");
    assert_eq!(explained.would_change.first().unwrap().decision.released, opened);
}

fn segments() -> impl Strategy<Value = SegmentSet> {
    prop::sample::subsequence(Segment::ALL, 0..=Segment::ALL.len())
        .prop_map(|list| list.into_iter().collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_explained_is_what_is_decided(
        agency_type in prop::sample::select(AgencyType::ALL),
        role in prop::sample::select(Role::ALL),
        purpose in prop::sample::select(Purpose::ALL),
        custodian in prop::sample::select(AgencyType::ALL),
        relation in prop::sample::select(Relation::ALL),
        consented in segments(),
        (signed, referral_live, release_date_set) in any::<(bool, bool, bool)>(),
    ) {
        let held = [(Fact::Signed, signed), (Fact::ReferralLive, referral_live), (Fact::ReleaseDateSet, release_date_set)];
        let supposed = Supposed {
            agency_type, role, purpose, custodian, relation, consented,
            action: ActionName::DirRead,
            in_writing: SegmentSet::EMPTY,
            facts: held.into_iter().filter(|(_, holds)| *holds).map(|(fact, _)| fact).collect(),
        };
        let gathered = Gathered { consented, signed, referral_live, release_date_set, ..about(custodian, relation) };
        let who = principal(agency_type, role, purpose);
        let decided = ENGINE.decide::<DirRead>(&who, gathered.seal());
        let (released, policy_ids) = match &decided {
            Ok(permit) => (permit.released(), &permit.grounds().policy_ids),
            Err(denial) => (SegmentSet::EMPTY, &denial.grounds.policy_ids),
        };
        let explained = ENGINE.explain(&supposed);
        prop_assert_eq!(explained.decision.released, released);
        prop_assert_eq!(explained.decision.outcome == Outcome::Permitted, decided.is_ok());
        for id in policy_ids {
            prop_assert!(explained.policies.iter().any(|policy| policy.id == *id), "{}", id);
        }
        for change in &explained.would_change {
            let again = ENGINE.explain(&supposed.otherwise(change.what));
            prop_assert_eq!(again.decision, change.decision);
            prop_assert!(again.decision != explained.decision);
        }
    }
}
