//! What must hold of the policies, row by row: who is given what, and what each condition is needed for.

use super::action::*;
use super::bundle::{Bundle, SCHEMA};
use super::engine::Engine;
use super::facts::{Gathered, Relation};
use super::fixture::{ENGINE, about, carat_worker, cjit_worker, decide, principal, sent, set};
use super::permit::Cause;
use crate::vocabulary::{AgencyType, DutyRole, Outcome, Purpose, Role, SegmentSet};

const ROWS_7_AND_9: &str = "identity contact attendance drug-use alcohol-use physical-health mental-health care-plan prescribing \
    drug-test offending housing employment-finance risk release-plan";
const ROW_8: &str = "identity contact drug-use alcohol-use physical-health mental-health care-plan prescribing risk housing \
    employment-finance";

#[test]
fn row_9_gives_the_cjit_what_its_letters_say() {
    let grounds = decide::<DirRead>(&cjit_worker(), sent(AgencyType::Carat)).unwrap();
    assert_eq!(grounds.released, set(ROWS_7_AND_9));
    assert_eq!(grounds.withheld, set("demographics children-family"));
    assert_eq!(grounds.policy_ids, ["dirs.release.read"]);
    assert_eq!(grounds.obligations, ["AOD", "MINEC", "NOPERSIST", "NORDSCLCD"]);
    assert_eq!(grounds.reason_code, "partial");
    assert!(grounds.basis.is_some());
    assert_eq!(grounds.policy_set, ENGINE.hash());
}

#[test]
fn row_8_gives_the_prison_team_what_its_letters_say() {
    let grounds = decide::<DirRead>(&carat_worker(), sent(AgencyType::Cjit)).unwrap();
    assert_eq!(grounds.released, set(ROW_8));
    assert_eq!(grounds.policy_ids, ["dirs.reception.read"]);
}

#[test]
fn row_7_gives_the_cjit_of_residence_what_its_letters_say() {
    let grounds = decide::<DirRead>(&cjit_worker(), sent(AgencyType::Cjit)).unwrap();
    assert_eq!(grounds.released, set(ROWS_7_AND_9));
    assert_eq!(grounds.policy_ids, ["dirs.residence.read"]);
}

#[test]
fn the_rows_of_those_who_do_a_part_give_what_their_letters_say() {
    let care = Purpose::ContinuityOfCare;
    let project = principal(AgencyType::SpecialistProject, Role::ProjectWorker, care);
    let treatment = principal(AgencyType::Treatment, Role::Nurse, care);
    let resettlement = principal(AgencyType::Resettlement, Role::ResettlementWorker, care);
    let probation = principal(AgencyType::Probation, Role::ProbationOfficer, care);
    let ete = principal(AgencyType::Ete, Role::EteAdviser, care);
    let clinical = "drug-use alcohol-use physical-health mental-health care-plan";
    let cases = [
        (
            &resettlement,
            AgencyType::Carat,
            "identity contact attendance housing employment-finance".to_owned(),
        ),
        (&project, AgencyType::Cjit, format!("identity contact attendance {clinical}")),
        (&project, AgencyType::Carat, format!("identity contact attendance {clinical}")),
        (
            &treatment,
            AgencyType::Cjit,
            format!("identity contact housing employment-finance prescribing risk {clinical}"),
        ),
        (&probation, AgencyType::Carat, "identity contact attendance risk".to_owned()),
        (&ete, AgencyType::Cjit, "identity contact attendance employment-finance".to_owned()),
        (&ete, AgencyType::Carat, "identity contact attendance employment-finance".to_owned()),
    ];
    for (who, custodian, letters) in cases {
        let grounds = decide::<DirRead>(who, sent(custodian)).unwrap();
        assert_eq!(grounds.released, set(&letters), "{} {custodian}", who.agency_type);
        for lacking in [
            Gathered { referral_live: false, ..sent(custodian) },
            Gathered { consented: SegmentSet::EMPTY, ..sent(custodian) },
        ] {
            assert!(decide::<DirRead>(who, lacking).is_err(), "{} {custodian}", who.agency_type);
        }
    }
    for (who, custodian) in
        [(&resettlement, AgencyType::Cjit), (&treatment, AgencyType::Carat), (&probation, AgencyType::Cjit)]
    {
        assert!(decide::<DirRead>(who, sent(custodian)).is_err(), "no row leads there");
    }
}

#[test]
fn probation_is_told_of_an_assessment_by_what_was_signed_alone() {
    let officer = |purpose| principal(AgencyType::Probation, Role::ProbationOfficer, purpose);
    let order = officer(Purpose::OffenderManagement);
    let grounds = decide::<ReferralSummary>(&order, sent(AgencyType::Cjit)).unwrap();
    assert_eq!(
        (grounds.released, grounds.policy_ids[0].as_str()),
        (set("attendance drug-use care-plan"), "referrals.order.summary")
    );
    let spoken = Gathered { in_writing: SegmentSet::EMPTY, ..sent(AgencyType::Cjit) };
    assert!(decide::<ReferralSummary>(&order, spoken.clone()).is_err());
    assert!(decide::<ReferralSummary>(&officer(Purpose::Referral), sent(AgencyType::Cjit)).is_err());
    let release = Gathered { in_writing: SegmentSet::EMPTY, ..sent(AgencyType::Carat) };
    assert!(
        decide::<ReferralSummary>(&officer(Purpose::Referral), release).is_ok(),
        "row 38 does not say written"
    );
}

#[test]
fn attendance_is_told_for_an_order_or_by_consent_and_to_nobody_else() {
    let officer = principal(AgencyType::Probation, Role::ProbationOfficer, Purpose::OffenderManagement);
    let team = principal(AgencyType::Cjit, Role::CaseManager, Purpose::ContinuityOfCare);
    let of = |custodian| about(custodian, Relation::Addressed);
    let ordered = |custodian| Gathered { required: true, ..of(custodian) };
    let agreed = |custodian| Gathered { consented: SegmentSet::all(), ..of(custodian) };
    let told = decide::<AttendanceHear>(&officer, ordered(AgencyType::Treatment)).unwrap();
    assert_eq!((told.released, told.policy_ids[0].as_str()), (set("attendance"), "attendance.order"));
    let told = decide::<AttendanceHear>(&team, agreed(AgencyType::Treatment)).unwrap();
    assert_eq!((told.released, told.policy_ids[0].as_str()), (set("attendance"), "attendance.placed"));
    assert!(decide::<AttendanceHear>(&officer, agreed(AgencyType::Treatment)).is_err(), "no order, no word");
    assert!(
        decide::<AttendanceHear>(&team, ordered(AgencyType::Treatment)).is_err(),
        "an order is not her consent"
    );
    assert!(decide::<AttendanceHear>(&team, agreed(AgencyType::SpecialistProject)).is_err());
    let police = principal(AgencyType::Police, Role::DipOfficer, Purpose::CourtOrStatutory);
    assert!(decide::<AttendanceHear>(&police, ordered(AgencyType::Treatment)).is_err());
}

#[test]
fn each_condition_of_row_9_is_needed() {
    let carat = || sent(AgencyType::Carat);
    let lacking = [
        Gathered { release_date_set: false, ..carat() },
        Gathered { referral_live: false, ..carat() },
        Gathered { signed: false, ..carat() },
        Gathered { consented: SegmentSet::EMPTY, ..carat() },
        Gathered { relation: Relation::None, ..carat() },
        Gathered { relation: Relation::Party, ..carat() },
        Gathered { target: None, ..carat() },
    ];
    for gathered in lacking {
        let denial = decide::<DirRead>(&cjit_worker(), gathered).unwrap_err();
        assert_eq!((denial.cause, denial.outcome), (Cause::StoredFacts, Outcome::Refused));
    }
    let elsewhere = Gathered { destination_known: false, ..sent(AgencyType::Cjit) };
    assert!(decide::<DirRead>(&carat_worker(), elsewhere).is_err());
}

#[test]
fn consent_is_segment_by_segment() {
    let gathered = Gathered { consented: set("identity prescribing sex-work"), ..sent(AgencyType::Carat) };
    let grounds = decide::<DirRead>(&cjit_worker(), gathered).unwrap();
    assert_eq!(grounds.released, set("identity prescribing"));
}

#[test]
fn an_author_reads_its_own_record_whole() {
    let grounds = decide::<DirRead>(&carat_worker(), about(AgencyType::Carat, Relation::Own)).unwrap();
    assert_eq!(grounds.released, SegmentSet::all());
    assert_eq!(grounds.reason_code, "permitted");
}

#[test]
fn who_may_not_read_a_record_may_not_add_to_it() {
    let unread = Gathered { release_date_set: false, ..sent(AgencyType::Carat) };
    assert!(decide::<DirActivity>(&cjit_worker(), unread).is_err());
    assert!(decide::<DirActivity>(&cjit_worker(), sent(AgencyType::Carat)).is_ok());
}

#[test]
fn police_who_ask_for_a_check_are_told_that_they_may_not_ask() {
    let police = principal(AgencyType::Police, Role::DipOfficer, Purpose::DuplicateCheck);
    for gathered in [Gathered::nothing(), about(AgencyType::Police, Relation::Own)] {
        assert_eq!(decide::<CaseloadCheck>(&police, gathered).unwrap_err().cause, Cause::RequestAlone);
    }
    let cjit = principal(AgencyType::Cjit, Role::DrugWorker, Purpose::DuplicateCheck);
    assert!(decide::<CaseloadCheck>(&cjit, about(AgencyType::Cjit, Relation::Own)).is_ok());
    let denial = decide::<CaseloadCheck>(&cjit, Gathered::nothing()).unwrap_err();
    assert_eq!(denial.cause, Cause::StoredFacts);
}

#[test]
fn a_forbidden_act_names_the_policy_that_forbids_it() {
    let police = principal(AgencyType::Police, Role::DipOfficer, Purpose::OffenderManagement);
    let denial = decide::<DirRead>(&police, sent(AgencyType::Cjit)).unwrap_err();
    assert_eq!(denial.grounds.policy_ids, ["dirs.police"]);
    assert_eq!(denial.grounds.reason_code, "forbidden");
    assert_eq!(denial.cause, Cause::RequestAlone);
}

#[test]
fn withdrawal_is_taken_at_any_agency_whose_client_it_is() {
    for agency_type in
        [AgencyType::Cjit, AgencyType::SpecialistProject, AgencyType::Probation, AgencyType::Housing]
    {
        let worker = principal(agency_type, Role::CaseManager, Purpose::SubjectAccess);
        assert!(decide::<ConsentWithdraw>(&worker, about(AgencyType::Carat, Relation::Party)).is_ok());
        assert!(decide::<ConsentWithdraw>(&worker, about(AgencyType::Carat, Relation::None)).is_err());
    }
}

#[test]
fn the_log_is_for_auditors_and_the_directory_for_all() {
    let auditor = principal(AgencyType::Audit, Role::Auditor, Purpose::AuditReview);
    let operator = principal(AgencyType::Operator, Role::Operator, Purpose::AuditReview);
    assert!(decide::<AuditOpen>(&auditor, Gathered::nothing()).is_ok());
    assert!(decide::<AuditOpen>(&operator, Gathered::nothing()).is_err());
    assert!(decide::<DirectoryWrite>(&operator, Gathered::nothing()).is_ok());
    assert!(decide::<SystemSweep>(&operator, about(AgencyType::Cjit, Relation::None)).is_ok());
    let analyst = principal(AgencyType::Commissioner, Role::Analyst, Purpose::ServiceMonitoring);
    assert!(decide::<DirectoryRead>(&analyst, Gathered::nothing()).is_ok());
}

#[test]
fn a_preview_shows_what_a_recipient_could_see_and_by_which_rule() {
    let care = Purpose::ContinuityOfCare;
    let consented = set("identity prescribing children-family safeguarding");
    let seen = ENGINE.could_see_by_rule(AgencyType::Cjit, AgencyType::Carat, care, consented);
    assert_eq!(seen.into_iter().collect::<Vec<_>>(), [("9".to_owned(), set("identity prescribing"))]);
    for nobody in [AgencyType::Police, AgencyType::Housing, AgencyType::Commissioner] {
        assert!(ENGINE.could_see(nobody, AgencyType::Carat, care, SegmentSet::all()).is_empty());
    }
}

const DIRS: &str = include_str!("../../policies/dirs.cedar");

#[test]
fn a_policy_that_cannot_be_evaluated_denies_what_others_permit() {
    let overflow = r#"@id("broken") @rule("6") @source("test")
        forbid (principal, action == Action::"dir.read", resource) when { 9223372036854775807 + 1 > 0 };"#;
    let engine =
        Engine::new(Bundle::parse(SCHEMA, &[("broken.cedar", overflow), ("dirs.cedar", DIRS)]).unwrap());
    let gathered = about(AgencyType::Carat, Relation::Own);
    let Err(denial) = engine.decide::<DirRead>(&carat_worker(), gathered.seal()) else {
        panic!("a broken forbid was skipped")
    };
    assert_eq!(denial.outcome, Outcome::Error);
    assert_eq!(denial.grounds.policy_ids, ["broken"]);
}

#[test]
fn nobody_reads_a_whole_account_without_a_request_under_which_who_asks_was_identified() {
    let officer = principal(AgencyType::Cjit, Role::PrivacyOfficer, Purpose::SubjectAccess);
    let unchecked = about(AgencyType::Cjit, Relation::Own);
    let checked = Gathered { identity_checked: true, ..unchecked.clone() };
    assert!(decide::<AccountRelease>(&officer, checked.clone()).is_ok());
    let elsewhere = Gathered { relation: Relation::None, ..checked.clone() };
    for facts in [unchecked, elsewhere, Gathered::nothing()] {
        assert_eq!(decide::<AccountRelease>(&officer, facts).unwrap_err().cause, Cause::StoredFacts);
    }
    let worker = principal(AgencyType::Cjit, Role::CaseManager, Purpose::SubjectAccess);
    assert_eq!(decide::<AccountRelease>(&worker, checked).unwrap_err().cause, Cause::RequestAlone);
}

#[test]
fn no_role_both_proposes_and_approves_a_deferral() {
    for agency_type in AgencyType::ALL {
        for role in Role::ALL {
            for purpose in Purpose::ALL {
                let who = principal(*agency_type, *role, *purpose);
                let own = || about(*agency_type, Relation::Own);
                let proposes = decide::<DeferralPropose>(&who, own()).is_ok();
                let approves = decide::<DeferralApprove>(&who, own()).is_ok();
                assert!(!(proposes && approves), "{agency_type} {role} {purpose}");
            }
        }
    }
}

#[test]
fn whoever_is_on_a_duty_sees_its_tasks_and_is_told_of_them() {
    for duty in DutyRole::ALL {
        let (agency_type, purpose) = match duty {
            DutyRole::MatchingDesk => (AgencyType::Operator, Purpose::DuplicateCheck),
            DutyRole::Custody => (AgencyType::Police, Purpose::CourtOrStatutory),
            DutyRole::Resettlement => (AgencyType::Resettlement, Purpose::Treatment),
            DutyRole::Housing => (AgencyType::Housing, Purpose::HousingSupport),
            DutyRole::ChildrensServices => (AgencyType::ChildrensServices, Purpose::Safeguarding),
            DutyRole::Privacy => (AgencyType::SpecialistProject, Purpose::Safeguarding),
            _ => (AgencyType::SpecialistProject, Purpose::DuplicateCheck),
        };
        for role in duty.roles() {
            let (agency_type, purpose) = match role {
                Role::ProbationOfficer | Role::CourtWorker => {
                    (AgencyType::Probation, Purpose::OffenderManagement)
                }
                Role::ResettlementWorker => (AgencyType::Resettlement, Purpose::Referral),
                Role::EteAdviser => (AgencyType::Ete, Purpose::Referral),
                _ => (agency_type, purpose),
            };
            let worker = principal(agency_type, *role, purpose);
            assert!(decide::<TaskRead>(&worker, Gathered::nothing()).is_ok(), "{duty} {role}");
            assert!(decide::<EventRead>(&worker, Gathered::nothing()).is_ok(), "{duty} {role}");
            let may_assign = decide::<TaskAssign>(&worker, Gathered::nothing()).is_ok();
            assert_eq!(may_assign, *role == Role::TeamManager, "{duty} {role}");
        }
    }
    let police = principal(AgencyType::Police, Role::CustodyOfficer, Purpose::DuplicateCheck);
    assert!(decide::<TaskRead>(&police, Gathered::nothing()).is_err());
    let operator = principal(AgencyType::Operator, Role::Operator, Purpose::DuplicateCheck);
    assert!(decide::<EventRead>(&operator, Gathered::nothing()).is_err());
}

#[test]
fn whoever_writes_or_looks_for_pages_of_a_meeting_may_read_some() {
    let mut police = Vec::new();
    for agency_type in AgencyType::ALL {
        for role in Role::ALL {
            let who = principal(*agency_type, *role, Purpose::OffenderManagement);
            let own = || about(*agency_type, Relation::Own);
            let lists = decide::<MeetingList>(&who, own()).is_ok();
            let writes = decide::<MeetingWrite>(&who, own()).is_ok();
            let reads = decide::<MeetingRead>(&who, own()).is_ok();
            assert!(reads || !(lists || writes), "{agency_type} {role}");
            if *agency_type == AgencyType::Police && (lists || writes || reads) {
                police.push(*role);
            }
        }
    }
    assert_eq!(police, [Role::DipOfficer]);
}

#[test]
fn who_was_sent_in_is_told_in_two_segments_each_by_itself() {
    let team = principal(AgencyType::Cjit, Role::CaseManager, Purpose::Referral);
    let came = decide::<InboundRead>(&team, about(AgencyType::Cjit, Relation::Own)).unwrap();
    assert_eq!(came.released, set("identity contact"));
    assert!(decide::<InboundRead>(&team, sent(AgencyType::Police)).is_err(), "what is not the service's own");
}
