//! Whether somebody came, as it is told and stored.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::domain::minute::Minute;
use crate::domain::referral::summary::Supervision;
use crate::id::{AgencyId, WorkerId};
use crate::vocabulary::AgencyType;

crate::code_list! {
    /// How an appointment was kept.
    pub enum KeptHow {
        Kept = "kept",
        LeftEarly = "left-early",
        Missed = "missed",
    }
}

/// On what it rests that one service tells another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ground {
    /// The order that the person is under asks her to come (rule 13).
    Order,
    /// The person agreed (rule 15).
    Consent,
}

impl Ground {
    /// On what it rests between agencies of these types; `None` where the one tells the other nothing.
    pub const fn between(from: AgencyType, to: AgencyType) -> Option<Self> {
        match (from, to) {
            (AgencyType::Treatment | AgencyType::Cjit, AgencyType::Probation) => Some(Self::Order),
            (AgencyType::Treatment | AgencyType::Resettlement | AgencyType::Ete, AgencyType::Cjit) => {
                Some(Self::Consent)
            }
            _ => None,
        }
    }
}

/// That somebody came, or did not. It is written once; what was wrong is told anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttendanceRecord {
    /// When the appointment was.
    pub appointment_at: Minute,
    /// How it was kept.
    pub kept: KeptHow,
    /// The order that asks for it, where it is told for one.
    pub order: Option<Supervision>,
    /// Who tells it.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// Who is told.
    pub to: AgencyId,
}
