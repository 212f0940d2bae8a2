//! A test result as stored.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::id::{AgencyId, WorkerId};

crate::code_list! {
    /// What was found of one kind of drug.
    pub enum Finding {
        Positive = "positive",
        Negative = "negative",
        /// It was not looked for.
        NotTested = "not-tested",
    }
}

/// A communicated result. It is written once; what was wrong is communicated anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRecord {
    /// What was found of Class A drugs.
    pub class_a: Finding,
    /// What was found of cannabis.
    pub cannabis: Finding,
    /// The day of the test.
    pub tested_on: Date,
    /// Who communicated it.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// The one worker who reads it.
    pub to: (AgencyId, WorkerId),
}

impl ResultRecord {
    /// Whether this worker reads it: the one who is named, and who works at the agency that communicated it.
    pub fn is_for(&self, agency: &AgencyId, worker: &WorkerId) -> bool {
        self.by.0 == *agency || (self.to.0 == *agency && self.to.1 == *worker)
    }
}
