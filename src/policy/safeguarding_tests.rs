//! Concerns for somebody's safety: who gets what of them, and that nobody else gets anything.

use proptest::prelude::*;

use super::action::{ConcernRaise, ConcernRead, ConcernReview};
use super::facts::{Gathered, Relation};
use super::fixture::{about, decide, principal, sent, set};
use super::permit::Cause;
use crate::vocabulary::{AgencyType, Confidentiality, Purpose, Role, Sch1Condition};

#[test]
fn children_s_services_get_who_it_is_and_the_concern_and_of_a_minor_how_to_reach_them() {
    let social_worker = principal(AgencyType::ChildrensServices, Role::SocialWorker, Purpose::Safeguarding);
    let told = |minor| Gathered { minor, ..sent(AgencyType::Cjit) };
    let grounds = decide::<ConcernRead>(&social_worker, told(false)).unwrap();
    assert_eq!(grounds.released, set("identity safeguarding"));
    let basis = grounds.basis.unwrap();
    assert_eq!(basis.sch1_condition, Sch1Condition::P18Safeguarding);
    assert_eq!(basis.confidentiality, Some(Confidentiality::OverridingPublicInterest));
    assert_eq!(
        decide::<ConcernRead>(&social_worker, told(true)).unwrap().released,
        set("identity contact safeguarding")
    );
    let elsewhere = Gathered { relation: Relation::None, ..told(true) };
    assert_eq!(decide::<ConcernRead>(&social_worker, elsewhere).unwrap_err().cause, Cause::StoredFacts);
}

#[test]
fn police_read_no_concern_and_tell_one_of_a_minor_in_custody() {
    let officer = principal(AgencyType::Police, Role::CustodyOfficer, Purpose::Safeguarding);
    let given = Gathered { minor: true, ..sent(AgencyType::Cjit) };
    let own = about(AgencyType::Police, Relation::Own);
    for gathered in [given, own.clone()] {
        assert_eq!(decide::<ConcernRead>(&officer, gathered).unwrap_err().cause, Cause::RequestAlone);
    }
    assert!(decide::<ConcernRaise>(&officer, own).is_ok());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_concern_is_for_its_own_agency_and_children_s_services_and_nobody_reviews_what_the_same_role_raises(
        agency_type in prop::sample::select(AgencyType::ALL),
        role in prop::sample::select(Role::ALL),
        purpose in prop_oneof![Just(Purpose::Safeguarding), prop::sample::select(Purpose::ALL)],
    ) {
        let who = principal(agency_type, role, purpose);
        let given = Gathered { minor: true, ..sent(AgencyType::Cjit) };
        let own = || about(agency_type, Relation::Own);
        let addressed = decide::<ConcernRead>(&who, given).is_ok();
        let reads = decide::<ConcernRead>(&who, own()).is_ok();
        let raises = decide::<ConcernRaise>(&who, own()).is_ok();
        let reviews = decide::<ConcernReview>(&who, own()).is_ok();
        prop_assert!(!addressed || agency_type == AgencyType::ChildrensServices);
        prop_assert!(!(raises && reviews));
        prop_assert!(!reviews || reads, "who reviews it reads it");
        let any = addressed || reads || raises || reviews;
        prop_assert!(!any || purpose == Purpose::Safeguarding);
    }
}
