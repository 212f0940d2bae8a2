//! What kinds of agency take part, what a type tells by itself, and in which roles their workers act.

use super::segment::Segment;
use super::task::DutyRole;

crate::code_list! {
    /// The type of an agency, as enrolled by the operator.
    pub enum AgencyType {
        Cjit = "cjit",
        Carat = "carat",
        PrisonHealthcare = "prison-healthcare",
        Probation = "probation",
        Police = "police",
        Court = "court",
        SpecialistProject = "specialist-project",
        Treatment = "treatment",
        EmergencyDepartment = "emergency-department",
        Housing = "housing",
        Resettlement = "resettlement",
        Ete = "ete",
        ChildrensServices = "childrens-services",
        Commissioner = "commissioner",
        Audit = "audit",
        Operator = "operator",
    }
}

impl AgencyType {
    /// Whether agencies of this type have a caseload: they may ask whether somebody is on another, and be asked.
    pub const fn has_caseload(self) -> bool {
        match self {
            Self::Cjit | Self::Carat | Self::PrisonHealthcare | Self::SpecialistProject | Self::Treatment => {
                true
            }
            Self::Probation
            | Self::Police
            | Self::Court
            | Self::EmergencyDepartment
            | Self::Housing
            | Self::Resettlement
            | Self::Ete
            | Self::ChildrensServices
            | Self::Commissioner
            | Self::Audit
            | Self::Operator => false,
        }
    }

    /// The duty that confirms what the directory says of such an agency; `None` where the gateway has no tasks for it.
    pub const fn confirms_entry(self) -> Option<DutyRole> {
        match self {
            Self::Cjit
            | Self::Carat
            | Self::PrisonHealthcare
            | Self::SpecialistProject
            | Self::Treatment
            | Self::Probation
            | Self::Resettlement
            | Self::Ete => Some(DutyRole::Spoc),
            Self::Police => Some(DutyRole::Custody),
            Self::Housing => Some(DutyRole::Housing),
            Self::Court
            | Self::EmergencyDepartment
            | Self::ChildrensServices
            | Self::Commissioner
            | Self::Audit
            | Self::Operator => None,
        }
    }

    /// The duty that hands in the scorecard of a quarter at such an agency; `None` where there is nothing to count.
    pub const fn hands_in_scorecard(self) -> Option<DutyRole> {
        match self {
            Self::Police => Some(DutyRole::Custody),
            _ if self.has_caseload() => Some(DutyRole::Management),
            _ => None,
        }
    }

    /// The duty that makes the monthly national return at such an agency; `None` where there is none to make.
    pub const fn makes_national_return(self) -> Option<DutyRole> {
        match self {
            Self::Cjit => Some(DutyRole::Management),
            _ => None,
        }
    }

    /// The silent segment of which it tells something by itself that a person is known to an agency of this type.
    pub const fn tells(self) -> Option<Segment> {
        match self {
            Self::SpecialistProject => Some(Segment::SexWork),
            Self::Cjit
            | Self::Carat
            | Self::PrisonHealthcare
            | Self::Probation
            | Self::Police
            | Self::Court
            | Self::Treatment
            | Self::EmergencyDepartment
            | Self::Housing
            | Self::Resettlement
            | Self::Ete
            | Self::ChildrensServices
            | Self::Commissioner
            | Self::Audit
            | Self::Operator => None,
        }
    }
}

crate::code_list! {
    /// The role in which a worker acts. An agency may assert only the roles registered for it.
    pub enum Role {
        CaseManager = "case-manager",
        DrugWorker = "drug-worker",
        TeamManager = "team-manager",
        Spoc = "spoc",
        Prescriber = "prescriber",
        Nurse = "nurse",
        CaratWorker = "carat-worker",
        PrisonHealthcare = "prison-healthcare",
        ProbationOfficer = "probation-officer",
        CourtWorker = "court-worker",
        CustodyOfficer = "custody-officer",
        DipOfficer = "dip-officer",
        BreachOfficer = "breach-officer",
        ProjectWorker = "project-worker",
        HousingOfficer = "housing-officer",
        ResettlementWorker = "resettlement-worker",
        EteAdviser = "ete-adviser",
        SocialWorker = "social-worker",
        Analyst = "analyst",
        PrivacyOfficer = "privacy-officer",
        CaldicottGuardian = "caldicott-guardian",
        MatchingOfficer = "matching-officer",
        Auditor = "auditor",
        Operator = "operator",
    }
}
