//! A deferral: as it is proposed, approved, ended, and what it holds back from a person's account. Stored, and a fact of each
//! account and of each entry that is recorded while it is in force.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::{Validate, ValidationError};

use crate::domain::fault::{Faults, FieldFault, to_the_minute};
use crate::domain::validation::no_repeats;
use crate::id::{Handle, WorkerId};
use crate::vocabulary::Purpose;

/// No deferral lasts longer than this many months, and none reaches further back; one that is still needed is proposed again.
/// The measure is that of an authorisation of directed surveillance (RIPA 2000 s. 43).
const LONGEST_MONTHS: i32 = 3;
/// For how long a proposal waits for its approval. Until then nothing is held back but that it was made.
const APPROVED_WITHIN: SignedDuration = SignedDuration::from_hours(7 * 24);
/// The purposes for which something can be held back. What is done in a person's care is always told.
const DEFERRABLE: [Purpose; 3] =
    [Purpose::Safeguarding, Purpose::OffenderManagement, Purpose::CourtOrStatutory];

crate::code_list! {
    /// Why the person must not learn of it yet.
    pub enum DeferralGround {
        /// It would prejudice the prevention, detection or prosecution of crime.
        Crime = "crime",
        /// It would prejudice proceedings before a court.
        LegalProceedings = "legal-proceedings",
        /// It would be likely to cause serious harm to the health of the person or of somebody else.
        SeriousHarm = "serious-harm",
        /// It is about a child who is or may be abused, and telling would not be in the child's interest.
        ChildProtection = "child-protection",
    }
}

crate::code_list! {
    /// Where a deferral stands.
    pub enum DeferralState {
        /// It awaits its approval.
        Proposed = "proposed",
        /// It was not approved in time.
        Lapsed = "lapsed",
        /// It holds back what it covers.
        InForce = "in-force",
        /// Its last day is over.
        Ended = "ended",
        /// It was ended early.
        Lifted = "lifted",
    }
}

/// A deferral as the privacy officer proposes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeferralProposed {
    /// Why the person must not learn of it yet.
    pub ground: DeferralGround,
    /// Why in words, without the person's name: it stays in the log, under a retention key.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: String,
    /// For which purposes the agency asked, where it is to be held back; of `safeguarding`, `offender-management` and
    /// `court-or-statutory`.
    #[validate(length(min = 1, max = 3), custom(function = "deferrable_purposes"))]
    pub purposes: Vec<Purpose>,
    /// From which day on what the agency did is held back; at most three months ago.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// The last day on which it is held back; at most three months ahead.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
}

/// The end of a deferral before its last day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DeferralLifted {
    /// Why, without the person's name.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: String,
}

/// One version of a deferral as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeferralRecord {
    /// What was proposed.
    pub proposed: DeferralProposed,
    /// From this moment on what the agency did is held back.
    pub since: Timestamp,
    /// Until this moment.
    pub ends: Timestamp,
    /// The worker who proposed it.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// Who approved it, if somebody did.
    pub approval: Option<Approval>,
    /// How it was ended early, if it was.
    pub lifting: Option<Lifting>,
}

/// The second approval.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

/// How a deferral was ended early.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lifting {
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
    /// Why.
    pub reason: String,
}

/// What an entry of the log says that a deferral looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    /// What for the agency of the deferral asked.
    pub purpose: Option<Purpose>,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Whether it is about a deferral itself.
    pub about_deferral: bool,
}

/// A deferral as its agency sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct DeferralView {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// Where it stands.
    pub state: DeferralState,
    /// Why the person must not learn of it yet.
    pub ground: DeferralGround,
    /// Why in words.
    pub reason: String,
    /// The purposes for which the agency asked what is held back.
    pub purposes: Vec<Purpose>,
    /// From which day on it is held back.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// The last day on which it is held back.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// When it was proposed, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub proposed_at: Timestamp,
    /// When it was approved, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub approved_at: Option<Timestamp>,
    /// When it was ended early, to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub lifted_at: Option<Timestamp>,
    /// Why it was ended early.
    pub lifted_because: Option<String>,
}

/// Why a step of a deferral is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotTaken {
    /// Not from the state in which it is.
    NotFromHere,
    /// Who proposed it cannot be the one who approves it.
    SameWorker,
}

/// Whether what is done for this purpose can be held back from the person at all.
pub fn is_deferrable(purpose: Purpose) -> bool {
    DEFERRABLE.contains(&purpose)
}

impl DeferralProposed {
    /// Checks its days against the one on which it is proposed.
    ///
    /// # Errors
    /// When the end is over already or too far away, or the beginning is.
    pub fn check(&self, today: Date) -> Result<(), Vec<FieldFault>> {
        let mut faults = Faults::default();
        faults.require(self.until >= today, "until", "must not be over already");
        faults.require(
            self.until <= today.saturating_add(LONGEST_MONTHS.months()),
            "until",
            "must lie within three months",
        );
        faults.require(self.since <= today, "since", "must not lie ahead");
        faults.require(
            self.since >= today.saturating_sub(LONGEST_MONTHS.months()),
            "since",
            "must not lie more than three months back",
        );
        faults.into_result()
    }
}

impl DeferralRecord {
    /// Where it stands at this moment.
    pub fn state(&self, now: Timestamp) -> DeferralState {
        let lapses = self.at.saturating_add(APPROVED_WITHIN).unwrap_or(Timestamp::MAX).min(self.ends);
        match (&self.lifting, &self.approval) {
            (Some(_), _) => DeferralState::Lifted,
            (None, Some(_)) if now < self.ends => DeferralState::InForce,
            (None, Some(_)) => DeferralState::Ended,
            (None, None) if now < lapses => DeferralState::Proposed,
            (None, None) => DeferralState::Lapsed,
        }
    }

    /// Whether it holds back at this moment what its agency did. While it is proposed, it holds back only that it is.
    pub fn holds_back(&self, act: &Act, now: Timestamp) -> bool {
        match self.state(now) {
            DeferralState::InForce => act.about_deferral || self.covers(act),
            DeferralState::Proposed => act.about_deferral,
            DeferralState::Lapsed | DeferralState::Ended | DeferralState::Lifted => false,
        }
    }

    fn covers(&self, act: &Act) -> bool {
        let purpose_is_covered = act
            .purpose
            .is_some_and(|purpose| is_deferrable(purpose) && self.proposed.purposes.contains(&purpose));
        purpose_is_covered && act.recorded_at >= self.since
    }

    /// The next version, approved.
    ///
    /// # Errors
    /// When it does not await its approval, or the same worker proposed it.
    pub fn approved(&self, approval: Approval) -> Result<Self, NotTaken> {
        if self.state(approval.at) != DeferralState::Proposed {
            return Err(NotTaken::NotFromHere);
        }
        if approval.by == self.by {
            return Err(NotTaken::SameWorker);
        }
        Ok(Self { approval: Some(approval), ..self.clone() })
    }

    /// The next version, ended early.
    ///
    /// # Errors
    /// When it is over already.
    pub fn lifted(&self, lifting: Lifting) -> Result<Self, NotTaken> {
        match self.state(lifting.at) {
            DeferralState::Proposed | DeferralState::InForce => {
                Ok(Self { lifting: Some(lifting), ..self.clone() })
            }
            DeferralState::Lapsed | DeferralState::Ended | DeferralState::Lifted => {
                Err(NotTaken::NotFromHere)
            }
        }
    }

    /// The deferral as its agency sees it.
    pub fn view(&self, id: Handle, now: Timestamp) -> DeferralView {
        let proposed = self.proposed.clone();
        DeferralView {
            id,
            state: self.state(now),
            ground: proposed.ground,
            reason: proposed.reason,
            purposes: proposed.purposes,
            since: proposed.since,
            until: proposed.until,
            proposed_at: to_the_minute(self.at),
            approved_at: self.approval.as_ref().map(|approval| to_the_minute(approval.at)),
            lifted_at: self.lifting.as_ref().map(|lifting| to_the_minute(lifting.at)),
            lifted_because: self.lifting.as_ref().map(|lifting| lifting.reason.clone()),
        }
    }
}

impl DeferralGround {
    /// The provision, as the entry commits to it.
    pub const fn statute_ref(self) -> &'static str {
        match self {
            Self::Crime => "DPA 2018 Sch. 2 para. 2",
            Self::LegalProceedings => "DPA 2018 Sch. 2 para. 5",
            Self::SeriousHarm => "DPA 2018 Sch. 3 para. 5",
            Self::ChildProtection => "DPA 2018 Sch. 3 para. 21",
        }
    }
}

fn deferrable_purposes(purposes: &[Purpose]) -> Result<(), ValidationError> {
    no_repeats(purposes)?;
    if purposes.iter().copied().all(is_deferrable) {
        return Ok(());
    }
    let message = "must be of safeguarding, offender-management and court-or-statutory";
    Err(ValidationError::new("not-deferrable").with_message(message.into()))
}

#[cfg(test)]
#[path = "model_tests.rs"]
mod tests;
