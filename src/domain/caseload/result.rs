//! What the asker is shown of its check: one shape and one size, whatever was found and whoever was asked.
//!
//! Nothing here may tell who holds the person, unless she consented or the holder says so, nor of what kind the holder is.
//!
//! **Who answers live.** Such a project writes nothing about the women it works with, so the gateway cannot find them; its duty
//! role is asked at every check of its area instead. Were a check shown as it stands meanwhile, the asker could tell the one
//! thing that must not show: a check that begins as `clear` and turns to `held` is held by who answers live, and where that is
//! one project, by that project. So in its area *every* check begins as `possible`, also where the gateway found a holder or
//! nobody; it shows no answer that does not come with its giver's name, and its outcome and answers come out together, once all
//! who were asked have answered or the time is over. Until then the allocation waits, alike for all. That somebody else answered
//! first does not show, nor does `not-ours`, since its absence would show who did not say it. What remains is the time at which
//! the last answer came, which anybody may have given.
//!
//! Where nobody answers live, what was found is shown at once, and every answer as it comes, `not-ours` included.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::check::{Allocation, AnswerGiven, CheckAnswer, CheckOutcome, CheckRecord};
use crate::domain::fault::to_the_minute;
use crate::domain::padding::padding;
use crate::id::{AgencyId, Handle};
use crate::store::Error;

/// Every result is padded to a multiple of this many bytes; with two answers of ordinary length it is still once.
const SIZE: usize = 2_048;

/// The result as the asker sees it: every member is there, whatever the outcome, so that neither shape nor size says anything.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CheckView {
    /// What the asker calls the check.
    pub reference: Handle,
    /// What came of it so far.
    pub outcome: CheckOutcome,
    /// What that means.
    pub words: &'static str,
    /// When it was asked, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub asked_at: Timestamp,
    /// Until when who works with the person contacts the asker, to the minute; given for every outcome.
    #[schema(value_type = String, format = DateTime)]
    pub contact_by: Timestamp,
    /// What that time means for this outcome.
    pub contact_words: &'static str,
    /// The holders that may be named: by the person's consent, or by their own answer.
    pub holders: Vec<AgencyId>,
    /// Whether another agency prescribes for the person at the moment of reading; none once the check is more than 28 days old: then
    /// another one tells, or `/v1/clients/{ref}/scripts`, where a clinician reads more of it.
    pub clinical_hold: Option<bool>,
    /// The answers so far, oldest first.
    pub answers: Vec<AnswerView>,
    /// Whether a case manager may be allocated now.
    pub allocation: Allocation,
    /// Nothing: it gives every result the same size.
    pub padding: String,
}

/// One answer, with who gave it where that may be told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct AnswerView {
    /// What the holder proposes.
    pub answer: CheckAnswer,
    /// Whom to speak to, as the holder put it.
    pub speak_to: Option<String>,
    /// The holder, where it may be named.
    pub by: Option<AgencyId>,
}

impl CheckRecord {
    /// The result as the asker sees it. `clinical_hold` says whether another agency prescribes now, `may_be_named` of whom the
    /// person's consents let the asker know.
    ///
    /// # Errors
    /// Never in practice: the view can be written as JSON.
    pub fn view(
        &self,
        reference: Handle,
        now: Timestamp,
        clinical_hold: bool,
        may_be_named: impl Fn(&AgencyId) -> bool,
    ) -> Result<CheckView, Error> {
        let is_settled = !self.awaits_anybody() || now > self.answer_due;
        let waits_for_live = !self.live.is_empty() && !is_settled;
        let is_shown = |given: &AnswerGiven| match (self.live.is_empty(), waits_for_live) {
            (true, _) => true,
            (false, false) => given.answer.holds(),
            (false, true) => given.answer.holds() && given.may_name_us,
        };
        let answers: Vec<AnswerView> = self
            .answers
            .iter()
            .filter(|answered| is_shown(&answered.given))
            .map(|answered| AnswerView {
                answer: answered.given.answer,
                speak_to: answered.given.speak_to.clone(),
                by: Some(&answered.by.0).filter(|by| answered.given.may_name_us || may_be_named(by)).cloned(),
            })
            .collect();
        let holders = self.named(&answers, may_be_named);
        let outcome = if waits_for_live {
            let is_known = !answers.is_empty() || !holders.is_empty();
            if is_known { CheckOutcome::Held } else { CheckOutcome::Possible }
        } else if answers.iter().any(|shown| shown.answer.holds()) {
            CheckOutcome::Held
        } else {
            self.outcome
        };
        padded(CheckView {
            reference,
            outcome,
            words: outcome.words(),
            asked_at: to_the_minute(self.asked_at),
            contact_by: to_the_minute(self.answer_due),
            contact_words: outcome.contact_words(),
            holders,
            // A check tells for as long as it counts, not for ever; and never that nobody prescribes where it does not tell.
            clinical_hold: self.counts_at(now).then_some(clinical_hold),
            answers,
            allocation: self.allocation(now),
            padding: String::new(),
        })
    }

    /// Whether the asker's view changes with the latest answer: see above for when it does not.
    pub(super) fn shows_latest(&self) -> bool {
        let is_named = |given: &AnswerGiven| given.answer.holds() && given.may_name_us;
        let latest = self.answers.last().map(|answered| &answered.given);
        self.live.is_empty() || !self.awaits_anybody() || latest.is_some_and(is_named)
    }

    /// The holders that may be named: those that were found, unless they said that the person is not theirs, and those whose
    /// answer is shown with its giver's name.
    fn named(&self, answers: &[AnswerView], may_be_named: impl Fn(&AgencyId) -> bool) -> Vec<AgencyId> {
        let is_denied = |id: &AgencyId| self.answer_of(id).is_some_and(|given| !given.answer.holds());
        let by_consent = self.holders.iter().filter(|id| may_be_named(id));
        let by_answer = answers.iter().filter_map(|shown| shown.by.as_ref());
        let named: std::collections::BTreeSet<_> =
            by_consent.chain(by_answer).filter(|id| !is_denied(id)).cloned().collect();
        named.into_iter().collect()
    }
}

fn padded(view: CheckView) -> Result<CheckView, Error> {
    Ok(CheckView { padding: padding::<SIZE>(&view)?, ..view })
}

#[cfg(test)]
#[path = "result_tests.rs"]
mod tests;
