//! An eviction that is held back while the tenant attends treatment, as stored.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::codes::Attending;
use crate::id::{AgencyId, WorkerId};

/// One version of a hold as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HoldRecord {
    /// The landlord.
    pub provider: AgencyId,
    /// What the treatment service said, oldest first: the last counts.
    pub attested: Vec<Attestation>,
    /// When the hold ended.
    pub ended_at: Option<Timestamp>,
}

/// That the tenant attends, or does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// Whether.
    pub attending: Attending,
    /// Who says so.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

impl HoldRecord {
    /// What is answered to the landlord, while it is in force.
    pub fn answer(&self) -> Option<Attending> {
        self.attested.last().filter(|_| self.ended_at.is_none()).map(|last| last.attending)
    }
}
