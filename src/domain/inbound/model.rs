//! What police sent in, as the receiving service holds it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::codes::{InboundOutcome, Led};
use crate::id::{AgencyId, WorkerId};

/// One version of it as stored, under the receiving service's own key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboundRecord {
    /// Who sent it.
    pub from: AgencyId,
    /// What led to it.
    pub led: Led,
    /// The name to call the person by.
    pub name: String,
    /// How the person said that she may be reached.
    pub reach: Option<String>,
    /// When it came.
    pub at: Timestamp,
    /// What became of it, once somebody said so.
    pub answered: Option<Answered>,
    /// When the person took back the consent by which it was sent, before she was reached.
    pub withdrawn_at: Option<Timestamp>,
}

/// What became of it, as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answered {
    /// What.
    pub outcome: InboundOutcome,
    /// Who says so.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

/// It was answered already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Over;

impl InboundRecord {
    /// Whether somebody has still to reach the person.
    pub fn is_open(&self) -> bool {
        let is_reached = |last: &Answered| last.outcome != InboundOutcome::NotReached;
        self.withdrawn_at.is_none() && !self.answered.as_ref().is_some_and(is_reached)
    }

    /// The next version, taken back: nothing of it says who she is or how she is reached.
    #[must_use]
    pub fn withdrawn(&self, now: Timestamp) -> Self {
        Self { name: String::new(), reach: None, withdrawn_at: Some(now), ..self.clone() }
    }

    /// The next version, answered. Who was not reached may be reached later; everything else is said once.
    ///
    /// # Errors
    /// [`Over`] if nothing more is to be said.
    pub fn answer(&self, answered: &Answered) -> Result<Self, Over> {
        if self.is_open() { Ok(Self { answered: Some(answered.clone()), ..self.clone() }) } else { Err(Over) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_not_reached_may_be_reached_later_and_nothing_else_is_said_twice() {
        let at: Timestamp = "2026-06-01T10:00:00Z".parse().unwrap();
        let said = |outcome| Answered { outcome, by: "testa-rowan".parse().unwrap(), at };
        let came = InboundRecord {
            from: "northmoor-police".parse().unwrap(),
            led: Led::IntelligenceLed,
            name: "Testa".to_owned(),
            reach: None,
            at,
            answered: None,
            withdrawn_at: None,
        };
        let missed = came.answer(&said(InboundOutcome::NotReached)).unwrap();
        let taken_back = missed.withdrawn(at);
        assert_eq!(taken_back.answer(&said(InboundOutcome::TakenUp)), Err(Over));
        assert_eq!((taken_back.name.as_str(), taken_back.reach.as_ref()), ("", None));
        let reached = missed.answer(&said(InboundOutcome::TakenUp)).unwrap();
        for outcome in InboundOutcome::ALL {
            assert_eq!(reached.answer(&said(*outcome)), Err(Over), "{outcome}");
        }
    }
}
