//! The code lists of assessments: appointments and how they were kept, notices, releases, and what ends an assessment. A leaf.

use crate::calendar;

crate::code_list! {
    /// Where somebody identified in custody lives, which decides how soon the first appointment must be.
    pub enum Residence {
        /// In the area of the custody suite.
        Resident = "resident",
        /// In another area.
        NonResident = "non-resident",
    }
}

impl From<Residence> for calendar::Residence {
    fn from(residence: Residence) -> Self {
        match residence {
            Residence::Resident => Self::Resident,
            Residence::NonResident => Self::NonResident,
        }
    }
}

crate::code_list! {
    /// Which appointment of an assessment.
    pub enum AppointmentKind {
        /// The initial assessment.
        Initial = "initial",
        /// The follow-up to a required one.
        FollowUp = "follow-up",
        /// The further appointment that somebody agreed to who was not required to come.
        Additional = "additional",
    }
}

crate::code_list! {
    /// How an appointment was kept.
    pub enum AttendanceOutcome {
        AttendedAndRemained = "attended-and-remained",
        LeftEarly = "left-early",
        DidNotAttend = "did-not-attend",
        /// Was there, and took no part.
        RefusedToEngage = "refused-to-engage",
        /// Was not there, or did not stay, for a good cause.
        GoodCause = "good-cause",
    }
}

impl AttendanceOutcome {
    /// Whether a requirement was missed by it.
    pub const fn is_failure(self) -> bool {
        matches!(self, Self::LeftEarly | Self::DidNotAttend | Self::RefusedToEngage)
    }
}

crate::code_list! {
    /// Why somebody could not come. For those who work with the person alone.
    pub enum GoodCause {
        Illness = "illness",
        InHospital = "in-hospital",
        InCustody = "in-custody",
        CaringEmergency = "caring-emergency",
        Bereavement = "bereavement",
        Transport = "transport",
        Danger = "danger",
        Other = "other",
    }
}

crate::code_list! {
    /// What was tried to engage somebody before a failure was recorded.
    pub enum Engagement {
        /// The duty to take part was said again, with the warning.
        DutyRestated = "duty-restated",
        Call = "call",
        Text = "text",
        Letter = "letter",
        Visit = "visit",
        ThroughWorker = "through-worker",
    }
}

crate::code_list! {
    /// What the worker decided before the initial assessment ended: it is the worker's decision, not the person's.
    pub enum FollowUpDecision {
        Needed = "needed",
        /// No further intervention is needed; possible only with somebody who took part.
        NoFurtherIntervention = "no-further-intervention",
        /// A drug rehabilitation requirement is in force.
        OnDrugRehabilitationRequirement = "on-drug-rehabilitation-requirement",
        /// The review of the care plan satisfied the requirement: the person is on this team's caseload, with a signed record.
        CarePlanReviewed = "care-plan-reviewed",
    }
}

crate::code_list! {
    /// Which notice.
    pub enum NoticeKind {
        /// The first notice of a required assessment.
        Ra1 = "ra1",
        /// The notice that place or time have changed.
        Ra2 = "ra2",
        /// The notice of the follow-up.
        FollowUp = "follow-up",
    }
}

crate::code_list! {
    /// The version of the warning that a notice carries.
    pub enum WarningText {
        /// Sections 12 and 14 of the Drugs Act 2005, large print.
        DrugsAct2005 = "drugs-act-2005-v1",
        /// The same in Welsh and English.
        DrugsAct2005Bilingual = "drugs-act-2005-v1-bilingual",
    }
}

crate::code_list! {
    /// What became of the offence when the person left custody.
    pub enum Disposal {
        Charged = "charged",
        ConditionalCaution = "conditional-caution",
        ReleasedOnBail = "released-on-bail",
        UnderInvestigation = "under-investigation",
        FixedPenalty = "fixed-penalty",
        NoFurtherAction = "no-further-action",
    }
}

crate::code_list! {
    /// Why an appointment does not take place.
    pub enum CancelReason {
        /// The service cannot hold it: nothing was missed by it.
        CancelledByService = "cancelled-by-service",
        AgreedWithPerson = "agreed-with-person",
    }
}

crate::code_list! {
    /// What ends an assessment before it is complete.
    #[schema(as = AssessmentEndReason)]
    pub enum EndReason {
        /// A condition of bail to be assessed was imposed, and with it the requirement ends (Drugs Act 2005, section 17).
        RestrictionOnBail = "restriction-on-bail",
        /// The requirement was not lawful, or is not pursued.
        Withdrawn = "withdrawn",
        Died = "died",
    }
}

crate::code_list! {
    /// Where an assessment stands, for those who hold it.
    pub enum AssessmentState {
        /// The first appointment is to come.
        Awaited = "awaited",
        /// The first was kept; the next is to come.
        FollowUpAwaited = "follow-up-awaited",
        Completed = "completed",
        /// It could have been required, and was not.
        NotImposed = "not-imposed",
        /// The person did not agree to it. That is no offence.
        Declined = "declined",
        Ended = "ended",
    }
}

crate::code_list! {
    /// Something that is allowed, and that the sender should think about.
    pub enum Warning {
        /// A fixed penalty leaves nothing that could lead to help; a charge, or a caution with a condition, does.
        FixedPenalty = "fixed-penalty-disposal",
        /// The first appointment is later than it should be.
        FirstAppointmentLate = "first-appointment-late",
    }
}
