//! Where somebody goes from court, as it is told and stored: a head that every reader needs, and each segment by itself.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::codes::CourtOutcome;
use crate::id::{AgencyId, WorkerId};
use crate::vocabulary::{AgencyType, Segment, SegmentSet};

crate::code_list! {
    /// On what it rests that it is told.
    pub enum Ground {
        /// The team's own court worker tells the team.
        Own = "own",
        /// Probation tells whom it is necessary to tell (Offender Management Act 2007, section 14).
        OffenderManagement = "offender-management",
        /// The person agreed.
        Consent = "consent",
    }
}

impl Ground {
    /// On what it rests that an agency of the one type tells one of the other, which may be itself; `None` where it tells it nothing.
    pub const fn between(from: AgencyType, to: AgencyType, is_itself: bool) -> Option<Self> {
        match (from, to) {
            (AgencyType::Cjit, AgencyType::Cjit) if is_itself => Some(Self::Own),
            (AgencyType::Cjit, AgencyType::Cjit | AgencyType::Carat) => Some(Self::Consent),
            (AgencyType::Probation, AgencyType::Cjit | AgencyType::Carat) => Some(Self::OffenderManagement),
            _ => None,
        }
    }
}

/// All that is told: who, that the court sat, and what it decided.
pub const TOLD: SegmentSet =
    SegmentSet::EMPTY.with(Segment::Identity).with(Segment::Attendance).with(Segment::Offending);

/// The head. It is written once; what was wrong is told anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DestinationRecord {
    /// On what it rests.
    pub ground: Ground,
    /// Who tells it.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// Who is told.
    pub to: AgencyId,
}

/// Who it is: segment `identity`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Who {
    /// The name to call the person by.
    pub name: String,
    /// When the person was born.
    pub date_of_birth: Date,
}

/// When: segment `attendance`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sat {
    /// The day on which the court sat.
    pub court_on: Date,
}

/// Where to: segment `offending`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decided {
    /// What the court decided.
    pub outcome: CourtOutcome,
    /// The prison.
    pub prison: Option<String>,
    /// The next hearing, or the day of release, where the court said one.
    pub next_on: Option<Date>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_but_the_two_teams_is_told_and_no_consent_is_asked_of_probation() {
        for from in AgencyType::ALL {
            for to in AgencyType::ALL {
                let is_team = matches!(to, AgencyType::Cjit | AgencyType::Carat);
                let expected = match from {
                    AgencyType::Cjit if is_team => Some(Ground::Consent),
                    AgencyType::Probation if is_team => Some(Ground::OffenderManagement),
                    _ => None,
                };
                assert_eq!(Ground::between(*from, *to, false), expected, "{from} {to}");
            }
        }
        assert_eq!(Ground::between(AgencyType::Cjit, AgencyType::Cjit, true), Some(Ground::Own));
        assert_eq!(Ground::between(AgencyType::Carat, AgencyType::Carat, true), None);
    }
}
