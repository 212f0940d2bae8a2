//! The proof that a decision was made: without it nothing reads a person's data. A leaf.

use std::marker::PhantomData;

use jiff::Timestamp;

use super::action::Action;
use super::facts::{Epoch, Target};
use crate::vocabulary::{LegalBasis, Outcome, SegmentSet, Visibility};

/// A decision to permit action `A`. Only the engine makes one; it cannot be copied, stored or used for another action.
pub struct Permit<A: Action> {
    pub(super) grounds: Grounds,
    pub(super) action: PhantomData<A>,
}

/// What a decision rested on and said, for the journal.
#[derive(Debug, Clone)]
pub struct Grounds {
    /// What the request was about; `None` for the directory and the log, and when nothing was found.
    pub target: Option<Target>,
    /// The segments that may be released; empty for an action that is not by segment.
    pub released: SegmentSet,
    /// The listed segments that policy withholds from this reader. Silent ones are never in it.
    pub withheld: SegmentSet,
    /// The `@id`s of the policies that determined the decision, sorted.
    pub policy_ids: Vec<String>,
    /// SHA-256 of the policy set, lower-case hexadecimal.
    pub policy_set: String,
    /// The obligations of all permits that matched, sorted.
    pub obligations: Vec<String>,
    /// The bases that those permits state. `None` on a refusal.
    pub basis: Option<LegalBasis>,
    /// Our own code for the outcome: `permitted`, `partial`, or why not.
    pub reason_code: &'static str,
    /// The consents that were relied on, `<record>/<version>`.
    pub consent_versions: Vec<String>,
    /// When the person whom it is about may be told of it.
    pub visibility: Visibility,
    /// When the decision ends by itself.
    pub valid_until: Option<Timestamp>,
    /// What must not have changed when it takes effect.
    pub epochs: Vec<Epoch>,
}

impl<A: Action> Permit<A> {
    /// The segments that may be read.
    pub fn released(&self) -> SegmentSet {
        self.grounds.released
    }

    /// The listed segments that were withheld.
    pub fn withheld(&self) -> SegmentSet {
        self.grounds.withheld
    }

    /// What the request is about, where it is about a person.
    pub fn target(&self) -> Option<&Target> {
        self.grounds.target.as_ref()
    }

    /// What the decision rested on.
    pub fn grounds(&self) -> &Grounds {
        &self.grounds
    }
}

/// A decision to refuse.
#[derive(Debug)]
pub struct Denial {
    /// What it rested on.
    pub grounds: Grounds,
    /// Whether the request and the principal alone decided it.
    pub cause: Cause,
    /// `Refused`, or `Error` when a policy could not be evaluated.
    pub outcome: Outcome,
}

/// What a refusal depended on, which decides how much the caller may be told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The role, the purpose or the agency's type: 403, and it says so.
    RequestAlone,
    /// Something stored about a person: the one 404, and it says nothing.
    StoredFacts,
}
