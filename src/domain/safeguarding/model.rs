//! A concern as stored: how it was raised, received and reviewed, and until when the person does not learn of it. What it says lies in
//! segments beside it. A leaf.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::codes::{ConcernFinding, ConcernGround, ConcernState, Telling};
use crate::id::{AgencyId, WorkerId};
use crate::vocabulary::Purpose;

/// For how long the person is not told before anybody has reviewed that: what one worker found unsafe needs a second who agrees, as with a
/// deferral.
const AGREED_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);

/// One version of a concern.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConcernRecord {
    /// Who raised it.
    pub raised_by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// Children's services.
    pub recipient: AgencyId,
    /// What it is.
    pub ground: ConcernGround,
    /// Why it is told without consent.
    pub reason: String,
    /// Whether the person was told.
    pub telling: Telling,
    /// Why that was unsafe.
    pub why_unsafe: Option<String>,
    /// That it came in.
    pub received: Option<Received>,
    /// What its reviewers found, oldest first.
    pub reviews: Vec<Review>,
}

/// That a concern came in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Received {
    /// Who says so.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

/// What a reviewer found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// What.
    pub finding: ConcernFinding,
    /// Why.
    pub reason: String,
    /// Until when the person does not learn of it; from the review on she may, where none is given.
    pub untold_until: Option<Timestamp>,
}

/// Why a step of a concern is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// Somebody said before that it came in.
    AlreadyReceived,
    /// Its review is closed.
    AlreadyReviewed,
    /// Who raised it cannot be the one who reviews it.
    OwnConcern,
    /// It awaits the Caldicott guardian.
    GuardianOnly,
    /// The person was told, so there is nothing to keep back.
    WasTold,
}

impl NotTaken {
    /// As a code that programs may compare.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AlreadyReceived => "concern-received",
            Self::AlreadyReviewed => "concern-reviewed",
            Self::OwnConcern => "second-reviewer",
            Self::GuardianOnly => "guardian-reviews",
            Self::WasTold => "person-was-told",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AlreadyReceived => "somebody said before that it came in",
            Self::AlreadyReviewed => "its review is closed",
            Self::OwnConcern => "must be another worker than the one who raised it",
            Self::GuardianOnly => "it awaits the Caldicott guardian",
            Self::WasTold => "the person was told, so there is nothing to keep back",
        }
    }
}

impl ConcernRecord {
    /// Where its review stands.
    pub fn state(&self) -> ConcernState {
        match self.reviews.last().map(|review| review.finding) {
            None => ConcernState::AwaitingReview,
            Some(ConcernFinding::Escalated) => ConcernState::Escalated,
            Some(ConcernFinding::Appropriate | ConcernFinding::Inappropriate) => ConcernState::Reviewed,
        }
    }

    /// Whether it was found wrong to tell it.
    pub fn was_wrong(&self) -> bool {
        self.reviews.last().is_some_and(|review| review.finding == ConcernFinding::Inappropriate)
    }

    /// Whether something is still to be done about it: its review, or that it comes in.
    pub fn is_open(&self) -> bool {
        self.state() != ConcernState::Reviewed || (self.received.is_none() && !self.was_wrong())
    }

    /// The next version, received.
    ///
    /// # Errors
    /// When it was before.
    pub fn received(&self, received: Received) -> Result<Self, NotTaken> {
        if self.received.is_some() {
            return Err(NotTaken::AlreadyReceived);
        }
        Ok(Self { received: Some(received), ..self.clone() })
    }

    /// The next version, reviewed.
    ///
    /// # Errors
    /// When the review is closed, or it is not for this worker, or the person was told already.
    pub fn reviewed(&self, review: Review, is_guardian: bool) -> Result<Self, NotTaken> {
        let stands = match self.state() {
            ConcernState::Reviewed => Err(NotTaken::AlreadyReviewed),
            ConcernState::Escalated if !is_guardian => Err(NotTaken::GuardianOnly),
            ConcernState::Escalated | ConcernState::AwaitingReview => Ok(()),
        };
        stands?;
        if review.by == self.raised_by.1 {
            return Err(NotTaken::OwnConcern);
        }
        if review.untold_until.is_some() && self.telling == Telling::Told {
            return Err(NotTaken::WasTold);
        }
        let reviews = self.reviews.iter().cloned().chain([review]).collect();
        Ok(Self { reviews, ..self.clone() })
    }

    /// Until when the person does not learn of it; `None` where she was told. Nobody's word alone keeps it from her for longer than a
    /// week, and nothing without an end.
    pub fn untold_until(&self) -> Option<Timestamp> {
        if self.telling == Telling::Told {
            return None;
        }
        let agreed_by = |at: Timestamp| at.saturating_add(AGREED_WITHIN).unwrap_or(Timestamp::MAX);
        Some(match self.reviews.last() {
            None => agreed_by(self.at),
            Some(review) if review.finding == ConcernFinding::Escalated => agreed_by(review.at),
            Some(review) => review.untold_until.unwrap_or(review.at),
        })
    }

    /// Whether the person may be told at this agency that it holds a concern: it raised it, and it is not unsafe to tell.
    pub fn may_be_told_at(&self, agency: &AgencyId, now: Timestamp) -> bool {
        self.raised_by.0 == *agency && self.untold_until().is_none_or(|until| until <= now)
    }

    /// Whether it keeps back from the person's account at this moment what an agency did. What was recorded in the millisecond in which
    /// it was raised is its own entry.
    pub fn keeps_back(
        &self,
        asker: &AgencyId,
        (purpose, recorded_at): (Option<Purpose>, Timestamp),
        now: Timestamp,
    ) -> bool {
        purpose == Some(Purpose::Safeguarding)
            && (*asker == self.raised_by.0 || *asker == self.recipient)
            && recorded_at.as_millisecond() >= self.at.as_millisecond()
            && self.untold_until().is_some_and(|until| now < until)
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
