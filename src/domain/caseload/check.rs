//! The question whether somebody is on another caseload: run for every new case, so that asking reveals nothing.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::calendar::Calendar;
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle, PersonId, RecordId, WorkerId};

/// How many working days a holder's duty role has to answer (our default; `domain` rule 17).
pub const ANSWER_WORKING_DAYS: u32 = 1;

crate::code_list! {
    /// What the gateway found.
    pub enum CheckOutcome {
        /// No participating service; others may well know the person.
        Clear = "clear",
        Held = "held",
        /// An uncertain match that the matching desk must settle.
        Possible = "possible",
    }
}

impl CheckOutcome {
    /// From what the gateway found: other agencies' open episodes for this person, and uncertain matches.
    pub const fn from_findings(held_elsewhere: bool, uncertain_match: bool) -> Self {
        match (held_elsewhere, uncertain_match) {
            (true, _) => Self::Held,
            (false, true) => Self::Possible,
            (false, false) => Self::Clear,
        }
    }

    /// What it means, in the words that every screen shows.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Clear => "no participating service",
            Self::Held => "held by a participating service; its duty role has been asked",
            Self::Possible => "possibly held by a participating service; identity is being confirmed",
        }
    }
}

crate::code_list! {
    /// What the holder's duty role answers.
    pub enum CheckAnswer {
        Lead = "lead",
        Share = "share",
        ReferBack = "refer-back",
        KeepInformed = "keep-informed",
        NotOurs = "not-ours",
    }
}

/// The question as a holder's duty role sees it: who asks and about whom, in the holder's own words for the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct QuestionView {
    /// What the holder calls the check.
    pub id: Handle,
    /// What the holder calls the person.
    pub client_ref: Handle,
    /// The agency that asks.
    pub asked_by: AgencyId,
    /// When it asked, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    /// Until when the holder should answer, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub answer_due: Timestamp,
    /// What the holder answered, if it has.
    pub answered: Option<AnswerGiven>,
}

/// The question. It gives no reason, so that there is none to read anything from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// The asker's own reference for the person.
    pub client_ref: Handle,
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
}

/// A holder's answer as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// The holder. Never shown to the asker.
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
    /// What the gateway found.
    pub outcome: CheckOutcome,
    /// The holders that were asked. Never shown to the asker.
    pub holders: Vec<AgencyId>,
    /// Until when they may answer.
    pub answer_due: Timestamp,
    /// Their answers, oldest first.
    pub answers: Vec<Answered>,
}

/// The result as the asker sees it: every field is there, whatever the outcome, so that the shape says nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct CheckView {
    /// What was found.
    pub outcome: CheckOutcome,
    /// What that means.
    pub words: &'static str,
    /// When it was asked, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    /// Until when an answer may come, to the minute; given for every outcome.
    #[schema(value_type = String, format = DateTime)]
    pub answer_due: Timestamp,
    /// The answers so far, oldest first, without who gave them.
    pub answers: Vec<AnswerGiven>,
    /// Whether a case manager may be allocated now.
    pub allocation: Allocation,
}

crate::code_list! {
    /// Whether a case manager may be allocated. Assessment, harm reduction, dosing and a release never wait.
    pub enum Allocation {
        Free = "free",
        /// No answer in time: go on, and say that it is provisional.
        Provisional = "provisional",
        Wait = "wait",
    }
}

/// The agency was not asked, or has answered already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no answer is awaited from this agency")]
pub struct NotAwaited;

impl CheckRecord {
    /// Until when holders may answer a question asked at this moment.
    pub fn answer_due(asked_at: Timestamp, calendar: &Calendar) -> Timestamp {
        calendar.end_of(calendar.add_working_days(calendar.date_of(asked_at), ANSWER_WORKING_DAYS))
    }

    /// The next version after a holder's answer.
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

    /// Whether this agency was asked and has not answered yet.
    pub fn awaits(&self, agency: &AgencyId) -> bool {
        self.holders.contains(agency) && !self.answers.iter().any(|answered| answered.by.0 == *agency)
    }

    /// Whether the asker may allocate a case manager: when all have answered or nobody was to, or provisionally after the deadline.
    pub fn allocation(&self, now: Timestamp) -> Allocation {
        let awaited = self.holders.iter().any(|holder| self.awaits(holder));
        let open = awaited || (self.outcome == CheckOutcome::Possible && self.answers.is_empty());
        match (open, now > self.answer_due) {
            (false, _) => Allocation::Free,
            (true, true) => Allocation::Provisional,
            (true, false) => Allocation::Wait,
        }
    }

    /// The question as this holder sees it. Tells nothing of other holders, nor of what they answered.
    pub fn question(&self, holder: &AgencyId, id: Handle, client_ref: Handle) -> QuestionView {
        QuestionView {
            id,
            client_ref,
            asked_by: self.asked_by.0.clone(),
            asked_at: to_the_minute(self.asked_at),
            answer_due: to_the_minute(self.answer_due),
            answered: self
                .answers
                .iter()
                .find(|answered| answered.by.0 == *holder)
                .map(|answered| answered.given.clone()),
        }
    }

    /// The result as the asker sees it. Names no holder.
    pub fn view(&self, now: Timestamp) -> CheckView {
        CheckView {
            outcome: self.outcome,
            words: self.outcome.words(),
            asked_at: to_the_minute(self.asked_at),
            answer_due: to_the_minute(self.answer_due),
            answers: self.answers.iter().map(|answered| answered.given.clone()).collect(),
            allocation: self.allocation(now),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Exceptions;

    fn moment(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn worker(agency: &str) -> (AgencyId, WorkerId) {
        (agency.parse().unwrap(), "duty-one".parse().unwrap())
    }

    fn check(outcome: CheckOutcome, holders: &[&str]) -> CheckRecord {
        let asked_at = moment("2026-06-12T15:50:20Z");
        let calendar = Calendar::england_and_wales(Exceptions::default()).unwrap();
        CheckRecord {
            id: RecordId::random(),
            version: 1,
            person: PersonId::random(),
            asked_by: worker("northmoor-cjit"),
            asked_at,
            outcome,
            holders: holders.iter().map(|id| id.parse().unwrap()).collect(),
            answer_due: CheckRecord::answer_due(asked_at, &calendar),
            answers: Vec::new(),
        }
    }

    fn answer() -> AnswerGiven {
        AnswerGiven { answer: CheckAnswer::Lead, speak_to: Some("Ms Placeholder".to_owned()) }
    }

    #[test]
    fn the_view_has_one_shape_and_names_no_holder() {
        let now = moment("2026-06-12T16:00:00Z");
        let keys = |outcome| {
            let view = serde_json::to_value(check(outcome, &["lantern"]).view(now)).unwrap();
            assert!(!view.to_string().contains("lantern"));
            view.as_object().unwrap().keys().cloned().collect::<Vec<_>>()
        };
        for &outcome in CheckOutcome::ALL {
            assert_eq!(keys(outcome), keys(CheckOutcome::Clear));
        }
        assert_eq!(CheckOutcome::Clear.words(), "no participating service");
    }

    #[test]
    fn what_is_known_outweighs_what_is_uncertain() {
        assert_eq!(CheckOutcome::from_findings(true, true), CheckOutcome::Held);
        assert_eq!(CheckOutcome::from_findings(false, true), CheckOutcome::Possible);
        assert_eq!(CheckOutcome::from_findings(false, false), CheckOutcome::Clear);
    }

    #[test]
    fn allocation_waits_for_an_answer_and_goes_on_without_one() {
        let held = check(CheckOutcome::Held, &["lantern"]);
        assert_eq!(held.allocation(moment("2026-06-15T22:00:00Z")), Allocation::Wait);
        assert_eq!(held.allocation(moment("2026-06-15T23:00:00Z")), Allocation::Provisional);
        let answered = held.answered(worker("lantern"), answer(), moment("2026-06-12T16:30:00Z")).unwrap();
        assert_eq!(answered.allocation(moment("2026-06-12T16:31:00Z")), Allocation::Free);
        assert_eq!(answered.view(moment("2026-06-12T16:31:00Z")).answers, [answer()]);
        assert_eq!(
            check(CheckOutcome::Clear, &[]).allocation(moment("2026-06-12T16:00:00Z")),
            Allocation::Free
        );
    }

    #[test]
    fn a_holder_sees_its_own_answer_and_nobody_elses() {
        let now = moment("2026-06-12T16:30:00Z");
        let held = check(CheckOutcome::Held, &["lantern", "fallowgate-carat"])
            .answered(worker("lantern"), answer(), now)
            .unwrap();
        let (id, client_ref) = (Handle::random(), Handle::random());
        let lantern = held.question(&"lantern".parse().unwrap(), id, client_ref);
        assert_eq!(lantern.answered, Some(answer()));
        let other = held.question(&"fallowgate-carat".parse().unwrap(), id, client_ref);
        assert_eq!((other.answered.clone(), other.asked_by.as_str()), (None, "northmoor-cjit"));
        assert!(!serde_json::to_string(&other).unwrap().contains("lantern"));
    }

    #[test]
    fn only_who_was_asked_answers_and_only_once() {
        let held = check(CheckOutcome::Held, &["lantern"]);
        let now = moment("2026-06-12T16:30:00Z");
        assert_eq!(held.answered(worker("testhomes"), answer(), now), Err(NotAwaited));
        let answered = held.answered(worker("lantern"), answer(), now).unwrap();
        assert_eq!(answered.answered(worker("lantern"), answer(), now), Err(NotAwaited));
    }
}
