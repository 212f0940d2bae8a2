//! How a consent ends: withdrawal, expiry by an event or by time, replacement, correction.

use jiff::Timestamp;

use super::codes::{ConsentStatus, EndingEvent};
use super::model::{ConsentRecord, Ending, WithdrawalGiven};
use crate::id::{AgencyId, WorkerId};

/// The consent is not active, so there is nothing to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the consent is not active")]
pub struct NotActive;

impl ConsentRecord {
    /// The next version after a withdrawal recorded by a worker of any agency. It takes effect with the next decision.
    ///
    /// A withdrawal from some recipients strikes them from the list; if none remains the whole consent is withdrawn.
    ///
    /// # Errors
    /// [`NotActive`] unless the consent is active (one past its date still is, until it is swept).
    pub fn withdraw(
        &self,
        withdrawal: &WithdrawalGiven,
        by: (AgencyId, WorkerId),
        now: Timestamp,
    ) -> Result<Self, NotActive> {
        let ending = Ending {
            at: now,
            said_at: withdrawal.said_at,
            by: Some(by),
            channel: Some(withdrawal.channel),
            reason: withdrawal.reason.clone(),
        };
        let mut next = self.next(ConsentStatus::Active, ending)?;
        match &withdrawal.only_recipients {
            Some(struck) => next
                .terms
                .recipients
                .retain(|recipient| !struck.contains(recipient)),
            None => next.status = ConsentStatus::Withdrawn,
        }
        if next.terms.recipients.is_empty() {
            next.status = ConsentStatus::Withdrawn;
        }
        Ok(next)
    }

    /// The next version when the event occurs that the consent names as its end; `None` if it is not touched by it.
    pub fn end_on(&self, event: EndingEvent, now: Timestamp) -> Option<Self> {
        let ends = self.terms.expires_on_event == event;
        ends.then(|| self.next(ConsentStatus::Expired, by_itself(now)).ok())
            .flatten()
    }

    /// The next version once its date has passed; `None` before, or if it has ended otherwise.
    pub fn expire(&self, now: Timestamp) -> Option<Self> {
        let over = now >= self.terms.expires_at;
        over.then(|| self.next(ConsentStatus::Expired, by_itself(now)).ok())
            .flatten()
    }

    /// The next version when a newer consent replaces it.
    ///
    /// # Errors
    /// [`NotActive`] unless it is active.
    pub fn supersede(&self, by: (AgencyId, WorkerId), now: Timestamp) -> Result<Self, NotActive> {
        self.next(
            ConsentStatus::Superseded,
            Ending {
                by: Some(by),
                ..by_itself(now)
            },
        )
    }

    /// The next version when it should never have been recorded.
    ///
    /// # Errors
    /// [`NotActive`] unless it is active.
    pub fn strike_out(&self, by: (AgencyId, WorkerId), now: Timestamp) -> Result<Self, NotActive> {
        self.next(
            ConsentStatus::EnteredInError,
            Ending {
                by: Some(by),
                ..by_itself(now)
            },
        )
    }

    fn next(&self, status: ConsentStatus, ending: Ending) -> Result<Self, NotActive> {
        if self.status != ConsentStatus::Active {
            return Err(NotActive);
        }
        Ok(Self {
            version: self.version.saturating_add(1),
            status,
            ending: Some(ending),
            ..self.clone()
        })
    }
}

const fn by_itself(now: Timestamp) -> Ending {
    Ending {
        at: now,
        said_at: None,
        by: None,
        channel: None,
        reason: None,
    }
}
