//! A broken glass as stored: who opened what, why and until when, and what its reviewers found. A leaf.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::codes::{BreakGlassFinding, BreakGlassReviewState, EmergencyReason};
use crate::id::{AgencyId, RecordId, WorkerId};
use crate::vocabulary::Role;

/// For how long what was opened stays open.
const OPEN_FOR: SignedDuration = SignedDuration::from_mins(60);

/// One version of a broken glass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BreakGlassRecord {
    /// Who broke it. It is open to this worker alone.
    pub by: (AgencyId, WorkerId),
    /// In which role.
    pub role: Role,
    /// When.
    pub at: Timestamp,
    /// What put the person's life at risk.
    pub reason: EmergencyReason,
    /// The same in the worker's own words.
    pub words: String,
    /// The other agencies of which something was opened.
    pub holders: Vec<Holder>,
    /// When it was closed, by the worker or because the hour was over.
    pub ended: Option<Timestamp>,
    /// Whose review was not done within seven days.
    pub overdue: Vec<AgencyId>,
    /// What the reviewers found, oldest first.
    pub reviews: Vec<Review>,
}

/// An agency of which something was opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    /// The agency.
    pub agency: AgencyId,
    /// Its signed records that were opened. None where it prescribes and nothing else.
    pub records: Vec<RecordId>,
}

/// What a reviewer found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    /// Who, and of which agency.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// What.
    pub finding: BreakGlassFinding,
    /// Why.
    pub reason: String,
}

/// Why a step of a broken glass is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// This worker has it open already.
    AlreadyOpen,
    /// It is closed already.
    AlreadyEnded,
    /// It is another worker's to close.
    AnotherWorkers,
    /// This agency's review of it is closed.
    AlreadyReviewed,
    /// Who broke it cannot be the one who reviews it.
    OwnAct,
    /// It awaits the Caldicott guardian.
    GuardianOnly,
    /// There is nobody to whom the guardian could pass it on.
    GuardianFinds,
}

impl NotTaken {
    /// As a code that programs may compare.
    pub const fn code(self) -> &'static str {
        match self {
            Self::AlreadyOpen => "break-glass-open",
            Self::AlreadyEnded => "break-glass-ended",
            Self::AnotherWorkers => "another-workers",
            Self::AlreadyReviewed => "break-glass-reviewed",
            Self::OwnAct => "second-reviewer",
            Self::GuardianOnly => "guardian-reviews",
            Self::GuardianFinds => "guardian-finds",
        }
    }

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::AlreadyOpen => "what can be opened of this person is open to you already",
            Self::AlreadyEnded => "it is closed already",
            Self::AnotherWorkers => "it is for the worker to close who opened it",
            Self::AlreadyReviewed => "your agency's review of it is closed",
            Self::OwnAct => "must be another worker than the one who broke the glass",
            Self::GuardianOnly => "it awaits the Caldicott guardian",
            Self::GuardianFinds => "the Caldicott guardian finds that it was appropriate or that it was not",
        }
    }
}

impl BreakGlassRecord {
    /// When it closes by itself.
    pub fn until(&self) -> Timestamp {
        self.at.saturating_add(OPEN_FOR).unwrap_or(self.at)
    }

    /// Whether it is open to this worker now.
    pub fn is_open_to(&self, agency: &AgencyId, worker: &WorkerId, now: Timestamp) -> bool {
        (&self.by.0, &self.by.1) == (agency, worker) && self.ended.is_none() && now < self.until()
    }

    /// Whether a record of another agency's is among what was opened.
    pub fn opens(&self, record: RecordId) -> bool {
        self.holders.iter().any(|holder| holder.records.contains(&record))
    }

    /// The next version, closed.
    ///
    /// # Errors
    /// When it is closed already.
    pub fn ended(&self, now: Timestamp) -> Result<Self, NotTaken> {
        if self.ended.is_some() {
            return Err(NotTaken::AlreadyEnded);
        }
        Ok(Self { ended: Some(now.min(self.until())), ..self.clone() })
    }

    /// Where this agency's review of it stands.
    pub fn review_at(&self, agency: &AgencyId) -> BreakGlassReviewState {
        let last = self.reviews.iter().rev().find(|review| review.by.0 == *agency);
        match last.map(|review| review.finding) {
            Some(BreakGlassFinding::Appropriate | BreakGlassFinding::Inappropriate) => {
                BreakGlassReviewState::Reviewed
            }
            Some(BreakGlassFinding::Escalated) => BreakGlassReviewState::Escalated,
            None if self.overdue.contains(agency) => BreakGlassReviewState::Escalated,
            None => BreakGlassReviewState::AwaitingReview,
        }
    }

    /// Who reviews it: each agency of which something was opened, and the one that opened it. The one that opened it reviews it alone only
    /// where nothing of another was.
    pub fn reviewers(&self) -> impl Iterator<Item = &AgencyId> {
        self.holders.iter().map(|holder| &holder.agency).chain([&self.by.0])
    }

    /// Whether this agency still has to review it.
    pub fn awaits(&self, agency: &AgencyId) -> bool {
        self.reviewers().any(|reviewer| reviewer == agency)
            && self.review_at(agency) != BreakGlassReviewState::Reviewed
    }

    /// Whether anybody still has to review it.
    pub fn is_open(&self) -> bool {
        self.reviewers().any(|reviewer| self.awaits(reviewer))
    }

    /// The next version, reviewed.
    ///
    /// # Errors
    /// When the agency's review is closed, or it is not for this worker.
    pub fn reviewed(&self, review: Review, is_guardian: bool) -> Result<Self, NotTaken> {
        if review.by == self.by {
            return Err(NotTaken::OwnAct);
        }
        if is_guardian && review.finding == BreakGlassFinding::Escalated {
            return Err(NotTaken::GuardianFinds);
        }
        match self.review_at(&review.by.0) {
            BreakGlassReviewState::Reviewed => return Err(NotTaken::AlreadyReviewed),
            BreakGlassReviewState::Escalated if !is_guardian => return Err(NotTaken::GuardianOnly),
            BreakGlassReviewState::Escalated | BreakGlassReviewState::AwaitingReview => {}
        }
        let reviews = self.reviews.iter().cloned().chain([review]).collect();
        Ok(Self { reviews, ..self.clone() })
    }

    /// The next version, after an agency did not review it in time.
    #[must_use]
    pub fn overdue_at(&self, agency: &AgencyId) -> Self {
        let mut next = self.clone();
        if !next.overdue.contains(agency) {
            next.overdue.push(agency.clone());
        }
        next
    }
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
