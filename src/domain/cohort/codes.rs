//! Who answers for which cohort.

use crate::domain::dir::Cohort;
use crate::vocabulary::AgencyType;

impl Cohort {
    /// Whether agencies of this type may say that somebody belongs to it: who runs the scheme, and for an order who supervises it.
    pub const fn is_said_by(self, agency_type: AgencyType) -> bool {
        let (police, probation) = match self {
            Self::PriorityProlific
            | Self::HighCrimeCauser
            | Self::IntegratedOffenderManagement
            | Self::Mappa => (true, true),
            Self::Drr | Self::NonStatutory | Self::DeferredSentence => (false, true),
        };
        match agency_type {
            AgencyType::Police => police,
            AgencyType::Probation => probation,
            _ => false,
        }
    }
}
