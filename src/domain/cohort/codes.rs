//! The cohorts, and who answers for which. A leaf.

use crate::vocabulary::AgencyType;

crate::code_list! {
    /// A group of offenders who are managed together.
    pub enum Cohort {
        /// Prolific and other priority offenders.
        Ppo = "ppo",
        /// On the threshold of that (Hartlepool).
        HighCrimeCauser = "high-crime-causer",
        /// Integrated offender management.
        Iom = "iom",
        /// Multi-agency public protection arrangements.
        Mappa = "mappa",
        /// On a drug rehabilitation requirement.
        Drr = "drr",
        /// With probation by agreement, under no order (Hartlepool).
        NonStatutory = "non-statutory",
        DeferredSentence = "deferred-sentence",
    }
}

impl Cohort {
    /// Whether agencies of this type may say that somebody belongs to it: who runs the scheme, and for an order who supervises it.
    pub const fn is_said_by(self, agency_type: AgencyType) -> bool {
        let (police, probation) = match self {
            Self::Ppo | Self::HighCrimeCauser | Self::Iom | Self::Mappa => (true, true),
            Self::Drr | Self::NonStatutory | Self::DeferredSentence => (false, true),
        };
        match agency_type {
            AgencyType::Police => police,
            AgencyType::Probation => probation,
            _ => false,
        }
    }
}
