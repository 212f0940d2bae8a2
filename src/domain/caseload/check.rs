//! A caseload check as it is asked, answered and stored. What its asker is shown of it stands in `result`.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use validator::Validate;

pub use super::codes::{Allocation, CheckAnswer, CheckOutcome, CheckReason, Stage};
use super::times::Times;
use crate::id::{AgencyId, Handle, PersonId, RecordId, WorkerId};

/// How long a check counts: whoever has waited longer must ask again, since others may have taken the person on.
const COUNTS_FOR_DAYS: i64 = 28;

/// The question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// The asker's own reference for the person, whom it must have presented itself.
    pub client_ref: Handle,
    /// Why it is asked. No holder is told.
    pub reason: CheckReason,
    /// Whether holders may be told who asks. If not, only the person's consent lets them know.
    #[serde(default)]
    pub may_name_us: bool,
}

/// The answer of a holder's duty role.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerGiven {
    /// What the holder proposes.
    pub answer: CheckAnswer,
    /// Whom to speak to, if the holder wishes to say; the asker sees it as it stands.
    #[validate(length(min = 1, max = 120), non_control_character)]
    pub speak_to: Option<String>,
    /// Whether the asker may be told who answers.
    #[serde(default)]
    pub may_name_us: bool,
}

/// A holder's answer as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The holder.
    pub by: (AgencyId, WorkerId),
    /// When.
    pub at: Timestamp,
    /// What.
    pub given: AnswerGiven,
}

/// A check as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRecord {
    /// The same for all its versions.
    pub id: RecordId,
    /// 1 for the first.
    pub version: u32,
    /// The person.
    pub person: PersonId,
    /// The agency and worker who asked.
    pub asked_by: (AgencyId, WorkerId),
    /// When.
    pub asked_at: Timestamp,
    /// Why; checks of the first release have no reason.
    #[serde(default)]
    pub reason: Option<CheckReason>,
    /// Whether the asker lets holders know who asks.
    #[serde(default)]
    pub asker_named: bool,
    /// What the gateway found.
    pub outcome: CheckOutcome,
    /// Whether the matching desk had yet to decide whether anybody else has her.
    #[serde(default)]
    pub undecided: bool,
    /// The holders that were found, and asked.
    pub holders: Vec<AgencyId>,
    /// Who answers live, and was asked whatever was found.
    #[serde(default)]
    pub live: Vec<AgencyId>,
    /// By when each of them answers.
    #[serde(default)]
    pub times: Vec<(AgencyId, Times)>,
    /// Until when the asker waits.
    pub answer_due: Timestamp,
    /// The answers, oldest first.
    pub answers: Vec<Answered>,
    /// Whether the matching desk found since that some of whom it was asked work with somebody else.
    #[serde(default)]
    pub parted: bool,
}

/// The agency was not asked, or has answered already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no answer is awaited from this agency")]
pub struct NotAwaited;

impl CheckRecord {
    /// The next version after a holder's answer. A late one counts: it settles who leads from then on.
    ///
    /// # Errors
    /// [`NotAwaited`] if this agency was not asked or has answered.
    pub fn answered(
        &self,
        by: (AgencyId, WorkerId),
        given: AnswerGiven,
        now: Timestamp,
    ) -> Result<Self, NotAwaited> {
        if !self.awaits(&by.0) {
            return Err(NotAwaited);
        }
        let mut next = self.clone();
        next.version = next.version.saturating_add(1);
        next.answers.push(Answered { by, at: now, given });
        Ok(next)
    }

    /// Whether it counts at this moment.
    pub fn counts_at(&self, moment: Timestamp) -> bool {
        moment.duration_since(self.asked_at) <= SignedDuration::from_hours(COUNTS_FOR_DAYS * 24)
    }

    /// Everybody who was asked.
    pub fn asked(&self) -> BTreeSet<&AgencyId> {
        self.holders.iter().chain(&self.live).collect()
    }

    /// Whether this agency was asked and has not answered yet.
    pub fn awaits(&self, agency: &AgencyId) -> bool {
        self.asked().contains(agency) && self.answer_of(agency).is_none()
    }

    /// Whether who is asked is asked about a client of its own, or answers live and so is asked about anybody. A person who turned
    /// out to be two may be the other one.
    pub fn is_about_client(&self, agency: &AgencyId, has_client: bool) -> bool {
        has_client || self.live.contains(agency)
    }

    /// Whether anybody's answer is still missing.
    pub fn awaits_anybody(&self) -> bool {
        self.asked().into_iter().any(|agency| self.answer_of(agency).is_none())
    }

    /// What this agency answered.
    pub fn answer_of(&self, agency: &AgencyId) -> Option<&AnswerGiven> {
        self.answers.iter().find(|answered| answered.by.0 == *agency).map(|answered| &answered.given)
    }

    /// Until when this agency should answer.
    pub fn due_of(&self, agency: &AgencyId) -> Timestamp {
        self.times_of(agency).map_or(self.answer_due, |times| times.due)
    }

    /// With whom of this agency's the question lies.
    pub fn stage_of(&self, agency: &AgencyId, now: Timestamp) -> Stage {
        let reminded = self.times_of(agency).is_some_and(|times| now > times.remind_at);
        match (self.awaits(agency), now > self.due_of(agency), reminded) {
            (false, _, _) => Stage::Answered,
            (true, true, _) => Stage::Escalated,
            (true, false, true) => Stage::Deputy,
            (true, false, false) => Stage::DutyRole,
        }
    }

    fn times_of(&self, agency: &AgencyId) -> Option<Times> {
        self.times.iter().find(|(of, _)| of == agency).map(|(_, times)| *times)
    }

    /// Whether the asker may allocate a case manager: when all have answered or nobody was to, or provisionally after the time.
    /// An uncertain match waits for the matching desk in the same way.
    pub fn allocation(&self, now: Timestamp) -> Allocation {
        let open = self.awaits_anybody() || self.outcome == CheckOutcome::Possible;
        match (open, now > self.answer_due) {
            (false, _) => Allocation::Free,
            (true, true) => Allocation::Provisional,
            (true, false) => Allocation::Wait,
        }
    }

    /// The check as the decisions of the matching desk leave it. Where the match was uncertain and is not any more, the person is
    /// held by whoever has had her on the caseload since it was asked, or by nobody; else it stays what was found. `holders` are those who
    /// have.
    pub fn as_decided(&self, undecided: bool, holders: &BTreeSet<AgencyId>) -> Self {
        let mut decided = self.clone();
        if self.outcome == CheckOutcome::Possible && !undecided {
            decided.outcome = CheckOutcome::from_findings(!holders.is_empty(), false);
            decided.holders = holders.iter().cloned().collect();
        }
        decided
    }

    /// Whether a holder leads, or the asker, by what was answered; one holder that leads is enough. `None` while nothing is agreed. What
    /// one answered who has her no more, which `holders` are those who have, is over.
    pub fn holder_leads(&self, holders: &BTreeSet<AgencyId>) -> Option<bool> {
        let has_her = |by: &AgencyId| holders.contains(by) || self.live.contains(by);
        let agreed = self.answers.iter().filter_map(|answered| {
            let holder_leads = answered.given.answer.holder_leads()?;
            (!holder_leads || has_her(&answered.by.0)).then_some(holder_leads)
        });
        agreed.max()
    }
}

#[cfg(test)]
#[path = "check_tests.rs"]
pub(super) mod tests;
