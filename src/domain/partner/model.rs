//! A link as stored, once about each of the two. No view shows the other. A leaf.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::id::{PersonId, WorkerId};

/// One version of a link about one person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartnerLinkRecord {
    /// Who has the separate record. Never leaves the gateway.
    pub partner: PersonId,
    /// Who recorded it.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// When it was ended.
    pub ended_at: Option<Timestamp>,
}
