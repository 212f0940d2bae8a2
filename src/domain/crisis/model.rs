//! A look-up as it is asked and stored. Who holds the person is not in it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{CrisisOutcome, CrisisReason};
use crate::id::WorkerId;

/// The question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CrisisAsked {
    /// Why. No service is told.
    pub reason: CrisisReason,
}

/// A look-up as stored. It is written once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CrisisRecord {
    /// Who asked.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: CrisisReason,
    /// What was found.
    pub outcome: CrisisOutcome,
}
