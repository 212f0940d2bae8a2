//! What kinds of agency take part, and in which roles their workers act.

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
