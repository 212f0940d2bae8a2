//! How a person was identified, why, and what a test found: code lists that the record and the assessment share. A leaf.

crate::code_list! {
    /// How the person was identified (DIP Handbook §4.3).
    pub enum Pathway {
        /// Identification by Enforcement.
        Enforcement = "enforcement",
        /// Identification by Proactive Engagement.
        ProactiveEngagement = "proactive-engagement",
    }
}

crate::code_list! {
    /// What led to the assessment (DIP Handbook §4.1.1, §4.1.2, §3.3).
    pub enum AssessmentTrigger {
        InitialAssessment = "initial-assessment",
        FollowUpAssessment = "follow-up-assessment",
        RestrictionOnBail = "restriction-on-bail",
        ConditionalCaution = "conditional-caution",
        PoliceAfterNegativeTest = "police-after-negative-test",
        PoliceNoTestingFacility = "police-no-testing-facility",
        SelfReferral = "self-referral",
        CourtWorker = "court-worker",
        Outreach = "outreach",
        PrisonReception = "prison-reception",
        PrisonRelease = "prison-release",
        PreSentenceReport = "pre-sentence-report",
        OrderRequirement = "order-requirement",
        PostTreatment = "post-treatment",
        Other = "other",
    }
}

crate::code_list! {
    /// Why the person is believed to misuse drugs, from the most to the least reliable (DIP Handbook Annex E).
    pub enum IdentificationCriterion {
        Volunteered = "volunteered",
        Paraphernalia = "paraphernalia",
        Behaviour = "behaviour",
        Appearance = "appearance",
        ArrestingOfficer = "arresting-officer",
        Intelligence = "intelligence",
        DoctorForWithdrawal = "doctor-for-withdrawal",
        /// Counts only beside inferred evidence.
        PreviousMisuse = "previous-misuse",
        /// Counts only beside inferred evidence.
        PreviousTest = "previous-test",
    }
}

impl IdentificationCriterion {
    /// Indirect evidence (criterion 3) never stands alone.
    pub const fn is_indirect(self) -> bool {
        matches!(self, Self::PreviousMisuse | Self::PreviousTest)
    }
}

crate::code_list! {
    /// On what authority a drug test was taken (Gwent 2014/15).
    pub enum TestType {
        TriggerOffence = "trigger-offence",
        InspectorsAuthority = "inspectors-authority",
        Voluntary = "voluntary",
        Treatment = "treatment",
    }
}

crate::code_list! {
    /// What a drug test in custody found.
    pub enum TestResult {
        Negative = "negative",
        PositiveOpiates = "positive-opiates",
        PositiveCocaine = "positive-cocaine",
        PositiveBoth = "positive-both",
        Refused = "refused",
        NotTested = "not-tested",
    }
}
