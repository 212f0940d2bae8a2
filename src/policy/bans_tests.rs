//! What no policy may ever give, whoever asks and whatever is found.

use proptest::prelude::*;

use super::action::{ClientRead, DirRead};
use super::facts::{Gathered, Relation};
use super::fixture::{about, carat_worker, cjit_worker, decide, facts, principal, sent, set};
use super::permit::Cause;
use crate::identity::principal::Principal;
use crate::vocabulary::{AgencyType, Purpose, Role};

prop_compose! {
    fn anyone()(
        agency_type in prop::sample::select(AgencyType::ALL),
        role in prop::sample::select(Role::ALL),
        purpose in prop::sample::select(Purpose::ALL),
    ) -> Principal {
        principal(agency_type, role, purpose)
    }
}

/// Somebody to whom rows 7 to 9 could apply, so that the interesting cases are not rare.
fn likely() -> impl Strategy<Value = Principal> {
    prop_oneof![anyone(), Just(cjit_worker()), Just(carat_worker())]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_police_officer_ever_gets_anything_of_a_dir_or_of_a_client_but_whom_the_police_wrote_down(
        role in prop::sample::select(Role::ALL),
        purpose in prop::sample::select(Purpose::ALL),
        gathered in facts(),
    ) {
        let police = principal(AgencyType::Police, role, purpose);
        prop_assert!(decide::<DirRead>(&police, gathered.clone()).is_err());
        if let Ok(grounds) = decide::<ClientRead>(&police, gathered.clone()) {
            prop_assert_eq!(gathered.relation, Relation::Own);
            prop_assert!(grounds.released.without(set("identity contact")).is_empty());
        }
    }

    #[test]
    fn a_silent_segment_is_for_its_author_alone_and_never_named_as_withheld(who in likely(), gathered in facts()) {
        let grounds = match decide::<DirRead>(&who, gathered.clone()) {
            Ok(grounds) => grounds,
            Err(denial) => denial.grounds,
        };
        let silent = set("blood-borne-virus sex-work safeguarding");
        prop_assert!(grounds.withheld.intersection(silent).is_empty());
        if gathered.relation != Relation::Own {
            prop_assert!(grounds.released.intersection(silent).is_empty());
        }
    }

    #[test]
    fn without_relation_or_consent_no_segment_leaves(who in likely(), gathered in facts()) {
        let Ok(grounds) = decide::<DirRead>(&who, gathered.clone()) else { return Ok(()) };
        prop_assert!(gathered.target.is_some());
        match gathered.relation {
            Relation::Own => {}
            Relation::Addressed => prop_assert!(grounds.released.without(gathered.consented).is_empty()),
            Relation::Party | Relation::None => prop_assert!(false, "{:?}", grounds.policy_ids),
        }
    }

    #[test]
    fn whether_a_refusal_is_a_403_never_depends_on_facts(who in likely(), one in facts(), other in facts()) {
        let cause = |gathered: Gathered| decide::<DirRead>(&who, gathered).err().map(|denial| denial.cause);
        if let (Some(one), Some(other)) = (cause(one.clone()), cause(other)) {
            prop_assert_eq!(one, other);
        }
        if cause(one) == Some(Cause::RequestAlone) {
            prop_assert!(decide::<DirRead>(&who, sent(AgencyType::Carat)).is_err());
            prop_assert!(decide::<DirRead>(&who, about(AgencyType::Carat, Relation::Own)).is_err());
        }
    }
}
