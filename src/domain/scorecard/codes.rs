//! The code lists of the scorecard: what is counted, how it is divided, and how figures are averaged and rounded. A leaf.

use crate::domain::assessment::codes::AttendanceOutcome;
use crate::domain::caseload::review::ReviewOutcome;
use crate::domain::caseload::scheme::Retained;
use crate::domain::dir::ReferralSource;
use crate::vocabulary::{AgencyType, Drug};

crate::code_list! {
    /// What is counted in the records of an agency. No two of these count the same thing twice: nothing that is published follows from
    /// others by subtraction.
    pub enum Count {
        /// Referrals that were sent to the agency, and people whom police sent in.
        Referrals = "referrals",
        /// Assessments that the law required, and that the agency holds.
        RequiredAssessments = "required-assessments",
        /// Records (DIR) that were signed when somebody came in, but for those that take another's place.
        Entries = "entries",
        /// Substances that these records name, three of each at most.
        Substances = "substances",
        /// Cases that came onto the caseload.
        Admissions = "admissions",
        /// First care plans of a case.
        CarePlans = "care-plans",
        /// Cases on the caseload on the last day, without those that are suspended.
        Caseload = "caseload",
        /// Reviews of somebody's care.
        Reviews = "reviews",
        /// Cases that were closed.
        Closures = "closures",
        /// Scripts that began.
        Prescriptions = "prescriptions",
        /// Contacts of outreach.
        OutreachContacts = "outreach-contacts",
        /// Breaches that came into the register.
        Breaches = "breaches",
        /// Leavers of the quarter before, drawn by lot, whose offences since then police told.
        Leavers = "leavers",
    }
}

crate::code_list! {
    /// How a count is divided into cells. The cells of a division make up the whole.
    pub enum Division {
        /// Who sent the person.
        Sender = "sender",
        /// How the first appointment was kept.
        Attendance = "attendance",
        /// Who sent the person, as the record says.
        Source = "source",
        /// Which substance.
        Substance = "substance",
        /// Whether the person agreed to the plan.
        Agreement = "agreement",
        /// What followed from the review.
        ReviewOutcome = "review-outcome",
        /// How the case ended.
        Ending = "ending",
        /// For how long treatment had lasted.
        Retention = "retention",
        /// What became of the breach.
        Pursuit = "pursuit",
        /// Whether there was an offence within three months of leaving.
        Reoffending = "reoffending",
    }
}

crate::code_list! {
    /// What kind of agency sent somebody. None of them tells that it was a specialist project.
    pub enum Sender {
        Police = "police",
        Probation = "probation",
        Prison = "prison",
        Court = "court",
        /// Another team or service.
        OtherService = "other-service",
    }
}

impl Sender {
    /// An agency of this type.
    pub const fn of(agency_type: AgencyType) -> Self {
        match agency_type {
            AgencyType::Police => Self::Police,
            AgencyType::Probation => Self::Probation,
            AgencyType::Carat | AgencyType::PrisonHealthcare => Self::Prison,
            AgencyType::Court => Self::Court,
            AgencyType::Cjit
            | AgencyType::SpecialistProject
            | AgencyType::Treatment
            | AgencyType::EmergencyDepartment
            | AgencyType::Housing
            | AgencyType::Resettlement
            | AgencyType::Ete
            | AgencyType::ChildrensServices
            | AgencyType::Commissioner
            | AgencyType::Audit
            | AgencyType::Operator => Self::OtherService,
        }
    }
}

crate::code_list! {
    /// How a case ended, in words that a scorecard has: the handbook's codes of closure beside each.
    pub enum Ending {
        /// The care plan was completed: C1.
        Completed = "completed",
        /// Another service or partnership goes on: C5, C7, C8.
        MovedOn = "moved-on",
        /// In prison for more than a month: C2.
        Custody = "custody",
        /// Did not come back after prison or an order: C3, C4.
        NotReEngaged = "not-re-engaged",
        /// Closed by the person: C9.
        Disengaged = "disengaged",
        /// Died: C6.
        Died = "died",
    }
}

crate::code_list! {
    /// What a record holds nothing of.
    pub enum Unsaid {
        /// The record does not say who sent the person.
        NotSaid = "not-said",
        /// Treatment had not begun when the case was closed.
        NotBegun = "not-begun",
        /// The appointment has not been kept or missed yet.
        Awaited = "awaited",
    }
}

crate::code_list! {
    /// Whether a person agreed to a care plan.
    pub enum Agreed {
        Agreed = "agreed",
        NotAgreed = "not-agreed",
    }
}

crate::code_list! {
    /// What became of a breach, as the weekly list counts it.
    pub enum Pursuit {
        Arrested = "arrested",
        Withdrawn = "withdrawn",
        Outstanding = "outstanding",
    }
}

crate::code_list! {
    /// Whether there was an offence in the three months after somebody's case was closed.
    pub enum Reoffended {
        None = "none",
        Again = "again",
    }
}

crate::code_list! {
    /// What one of a figure is.
    pub enum Unit {
        People = "people",
        Cases = "cases",
        Referrals = "referrals",
        Records = "records",
        Tests = "tests",
        Contacts = "contacts",
        /// Percent of the denominator.
        Percent = "percent",
    }
}

crate::code_list! {
    /// How the figures of several quarters become one.
    pub enum Averaging {
        /// They are added up. Of a percentage: numerator and denominator each, and then divided.
        Sum = "sum",
        /// The mean of the quarters' figures, each as it stood on the last day.
        MeanOfQuarters = "mean-of-quarters",
    }
}

crate::code_list! {
    /// To what a figure is rounded, halves up.
    pub enum Rounding {
        Whole = "whole",
        OneDecimal = "one-decimal",
        TwoDecimals = "two-decimals",
    }
}

impl Rounding {
    /// How many decimals are left.
    pub const fn decimals(self) -> u8 {
        match self {
            Self::Whole => 0,
            Self::OneDecimal => 1,
            Self::TwoDecimals => 2,
        }
    }
}

impl Count {
    /// How it is divided.
    pub const fn divisions(self) -> &'static [Division] {
        match self {
            Self::Referrals => &[Division::Sender],
            Self::RequiredAssessments => &[Division::Attendance],
            Self::Entries => &[Division::Source],
            Self::Substances => &[Division::Substance],
            Self::CarePlans => &[Division::Agreement],
            Self::Reviews => &[Division::ReviewOutcome],
            Self::Closures => &[Division::Ending, Division::Retention],
            Self::Breaches => &[Division::Pursuit],
            Self::Leavers => &[Division::Reoffending],
            Self::Admissions | Self::Caseload | Self::Prescriptions | Self::OutreachContacts => &[],
        }
    }

    /// Whether agencies of this type have the records in which it is counted.
    pub const fn is_held_by(self, agency_type: AgencyType) -> bool {
        match self {
            Self::Breaches => matches!(agency_type, AgencyType::Police),
            // Counted once, for the area, and in no agency's own figures: who knows the twenty would learn of a few of them.
            Self::Leavers => false,
            _ => agency_type.has_caseload(),
        }
    }

    /// Whether it is told outside the agency. How many records were signed is not: beside the substances that they name it would bound
    /// a small number of them. Nor how many cases there were at the end: from two quarters' and the closures between follow the admissions.
    pub const fn is_told_outside(self) -> bool {
        !matches!(self, Self::Entries | Self::Caseload)
    }
}

impl Division {
    /// Its cells, in their order.
    pub fn cells(self) -> Vec<&'static str> {
        match self {
            Self::Sender => Sender::ALL.iter().map(|cell| cell.code()).collect(),
            Self::Attendance => {
                let kept = AttendanceOutcome::ALL.iter().map(|cell| cell.code());
                kept.chain([Unsaid::Awaited.code()]).collect()
            }
            Self::Source => {
                let sources = ReferralSource::ALL.iter().map(|cell| cell.code());
                sources.chain([Unsaid::NotSaid.code()]).collect()
            }
            Self::Substance => Drug::ALL.iter().map(|cell| cell.code()).collect(),
            Self::Agreement => Agreed::ALL.iter().map(|cell| cell.code()).collect(),
            Self::ReviewOutcome => ReviewOutcome::ALL.iter().map(|cell| cell.code()).collect(),
            Self::Ending => Ending::ALL.iter().map(|cell| cell.code()).collect(),
            Self::Retention => {
                let bands = Retained::ALL.iter().map(|cell| cell.code());
                bands.chain([Unsaid::NotBegun.code()]).collect()
            }
            Self::Pursuit => Pursuit::ALL.iter().map(|cell| cell.code()).collect(),
            Self::Reoffending => Reoffended::ALL.iter().map(|cell| cell.code()).collect(),
        }
    }
}
