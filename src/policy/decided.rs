//! What the engine remembers of a decision.

use std::collections::BTreeSet;

use super::permit::Cause;
use crate::vocabulary::{LegalBasis, Outcome, Segment, SegmentSet};

/// The part of a decision that its key determines.
#[derive(Debug)]
pub(super) struct Decided {
    pub(super) outcome: Outcome,
    pub(super) released: SegmentSet,
    pub(super) withheld: SegmentSet,
    pub(super) policy_ids: Vec<String>,
    pub(super) obligations: Vec<String>,
    pub(super) basis: Option<LegalBasis>,
    pub(super) reason_code: &'static str,
    pub(super) cause: Cause,
}

impl Decided {
    /// The fail-closed answer. It tells the caller nothing, so its cause is that of the one 404.
    pub(super) fn error(ids: BTreeSet<String>) -> Self {
        Self {
            outcome: Outcome::Error,
            released: SegmentSet::EMPTY,
            withheld: SegmentSet::EMPTY,
            policy_ids: ids.into_iter().collect(),
            obligations: Vec::new(),
            basis: None,
            reason_code: "policy-error",
            cause: Cause::StoredFacts,
        }
    }
}

/// The segments of which a reader may be told that they were withheld.
pub(super) fn listed() -> SegmentSet {
    Segment::ALL.iter().copied().filter(|segment| !segment.is_silent()).collect()
}
