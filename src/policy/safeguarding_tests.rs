//! Concerns for somebody's safety: who gets what of them, and that nobody else gets anything.

use super::action::{ConcernRaise, ConcernRead, ConcernReview};
use super::facts::{Gathered, Relation};
use super::permit::Cause;
use super::tests::{about, decide, principal, sent, set};
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
fn a_concern_is_read_by_its_own_agency_and_children_s_services_and_by_police_never_but_their_own_reviewers() {
    for agency_type in AgencyType::ALL {
        for role in Role::ALL {
            for purpose in Purpose::ALL {
                let who = principal(*agency_type, *role, *purpose);
                let reviews = matches!(role, Role::PrivacyOfficer | Role::CaldicottGuardian);
                let is_theirs = *agency_type == AgencyType::ChildrensServices;
                let given = Gathered { minor: true, ..sent(AgencyType::Cjit) };
                let addressed = decide::<ConcernRead>(&who, given).is_ok();
                assert!(!addressed || is_theirs, "{agency_type} {role} {purpose}");
                let own = decide::<ConcernRead>(&who, about(*agency_type, Relation::Own)).is_ok();
                assert!(!own || *agency_type != AgencyType::Police || reviews, "{agency_type} {role}");
                let raises = decide::<ConcernRaise>(&who, about(*agency_type, Relation::Own)).is_ok();
                let decides = decide::<ConcernReview>(&who, about(*agency_type, Relation::Own)).is_ok();
                assert!(
                    !(raises && decides),
                    "{agency_type} {role}: nobody reviews what the same role raises"
                );
                let any = addressed || own || raises || decides;
                assert!(!any || *purpose == Purpose::Safeguarding, "{agency_type} {role} {purpose}");
            }
        }
    }
}
