//! Why an agency asks: exactly one purpose of use a request.

crate::code_list! {
    /// The purpose of use, after HL7 ActReason where it has a code.
    pub enum Purpose {
        Treatment = "treatment",
        ContinuityOfCare = "continuity-of-care",
        Referral = "referral",
        PrescribingSafety = "prescribing-safety",
        DuplicateCheck = "duplicate-check",
        Safeguarding = "safeguarding",
        VitalInterests = "vital-interests",
        OffenderManagement = "offender-management",
        CourtOrStatutory = "court-or-statutory",
        HousingSupport = "housing-support",
        SubjectAccess = "subject-access",
        AuditReview = "audit-review",
        ServiceMonitoring = "service-monitoring",
    }
}
