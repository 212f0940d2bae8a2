//! How a consent ends: withdrawal, expiry by an event or by its date, replacement, correction.

use jiff::Timestamp;

use super::codes::{ConsentStatus, EndingEvent};
use super::model::{ConsentRecord, Ending, WithdrawalGiven};
use crate::id::{AgencyId, WorkerId};

/// The consent is not active, so there is nothing to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the consent is not active")]
pub struct NotActive;

impl ConsentRecord {
    /// Whether it was given and has not ended, but for its date.
    pub fn is_active(&self) -> bool {
        self.status == ConsentStatus::Active
    }

    /// The next version after a withdrawal recorded by a worker of any agency. It takes effect with the next decision.
    ///
    /// A withdrawal from some recipients strikes them from the list; if none remains the whole consent is withdrawn.
    ///
    /// # Errors
    /// [`NotActive`] unless the consent is active (one past its date still is).
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
            Some(struck) => next.terms.recipients.retain(|recipient| !struck.contains(recipient)),
            None => next.status = ConsentStatus::Withdrawn,
        }
        if next.terms.recipients.is_empty() {
            next.status = ConsentStatus::Withdrawn;
        }
        Ok(next)
    }

    /// The next version when the event has come that the consent names as its end; `None` if it is not touched by it.
    pub fn end_on(&self, event: EndingEvent, by: (AgencyId, WorkerId), now: Timestamp) -> Option<Self> {
        let ends = self.terms.expires_on_event == event;
        ends.then(|| self.next(ConsentStatus::Expired, recorded(by, now)).ok()).flatten()
    }

    /// The next version when the person has arrived at one of its recipients, where that is its end: nothing passes there any more, and
    /// with the last recipient it ends. `None` if it is not touched by it.
    pub fn arrive(&self, at: &AgencyId, by: (AgencyId, WorkerId), now: Timestamp) -> Option<Self> {
        let ends = self.terms.expires_on_event == EndingEvent::TransferComplete;
        if !ends || !self.terms.recipients.contains(at) {
            return None;
        }
        let mut next = self.next(ConsentStatus::Active, recorded(by, now)).ok()?;
        next.terms.recipients.retain(|recipient| recipient != at);
        if next.terms.recipients.is_empty() {
            next.status = ConsentStatus::Expired;
        }
        Some(next)
    }

    /// Where it stands at a moment: past its date nothing passes under it, whether or not anything was recorded of that.
    pub fn status_at(&self, now: Timestamp) -> ConsentStatus {
        let is_over = self.is_active() && now >= self.terms.expires_at;
        if is_over { ConsentStatus::Expired } else { self.status }
    }

    /// The next version when a newer consent replaces it.
    ///
    /// # Errors
    /// [`NotActive`] unless it is active.
    pub fn supersede(&self, by: (AgencyId, WorkerId), now: Timestamp) -> Result<Self, NotActive> {
        self.next(ConsentStatus::Superseded, recorded(by, now))
    }

    /// The next version when it should never have been recorded.
    ///
    /// # Errors
    /// [`NotActive`] unless it is active.
    pub fn strike_out(&self, by: (AgencyId, WorkerId), now: Timestamp) -> Result<Self, NotActive> {
        self.next(ConsentStatus::EnteredInError, recorded(by, now))
    }

    fn next(&self, status: ConsentStatus, ending: Ending) -> Result<Self, NotActive> {
        if self.status != ConsentStatus::Active {
            return Err(NotActive);
        }
        Ok(Self { version: self.version.saturating_add(1), status, ending: Some(ending), ..self.clone() })
    }
}

const fn recorded(by: (AgencyId, WorkerId), now: Timestamp) -> Ending {
    Ending { at: now, said_at: None, by: Some(by), channel: None, reason: None }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::codes::WithdrawalChannel;
    use super::super::fixture::{agency, given, moment, now, record};
    use super::*;

    fn withdrawal(only: Option<&str>) -> WithdrawalGiven {
        WithdrawalGiven {
            channel: WithdrawalChannel::Voice,
            said_at: None,
            reason: None,
            only_recipients: only.map(|id| vec![agency(id)]),
            urgent_effects_confirmed: false,
        }
    }

    fn anybody() -> (AgencyId, WorkerId) {
        (agency("lantern"), "worker-two".parse().unwrap())
    }

    #[test]
    fn a_withdrawal_is_a_new_version_and_final() {
        let withdrawn = record(given()).withdraw(&withdrawal(None), anybody(), now()).unwrap();
        assert_eq!((withdrawn.version, withdrawn.status), (2, ConsentStatus::Withdrawn));
        assert_eq!(withdrawn.withdraw(&withdrawal(None), anybody(), now()), Err(NotActive));
        assert_eq!(withdrawn.supersede(anybody(), now()), Err(NotActive));
    }

    #[test]
    fn withdrawing_from_one_recipient_leaves_the_others() {
        let narrowed = record(given()).withdraw(&withdrawal(Some("testhomes")), anybody(), now()).unwrap();
        assert_eq!(narrowed.status, ConsentStatus::Active);
        assert_eq!(narrowed.terms.recipients, [agency("northmoor-cjit")]);
        let empty = narrowed.withdraw(&withdrawal(Some("northmoor-cjit")), anybody(), now()).unwrap();
        assert_eq!((empty.version, empty.status), (3, ConsentStatus::Withdrawn));
    }

    #[test]
    fn only_the_named_event_ends_it() {
        let consent = record(given());
        assert_eq!(consent.end_on(EndingEvent::SentenceEnd, anybody(), now()), None);
        let ended = consent.end_on(EndingEvent::TransferComplete, anybody(), now()).unwrap();
        assert_eq!(ended.status, ConsentStatus::Expired);
        assert_eq!(ended.end_on(EndingEvent::TransferComplete, anybody(), now()), None);
    }

    #[test]
    fn it_expires_at_its_date_and_not_before() {
        let consent = record(given());
        assert_eq!(consent.status_at(moment("2027-05-01T09:59:59Z")), ConsentStatus::Active);
        assert_eq!(consent.status_at(moment("2027-05-01T10:00:00Z")), ConsentStatus::Expired);
        let withdrawn = consent.withdraw(&withdrawal(None), anybody(), now()).unwrap();
        assert_eq!(withdrawn.status_at(moment("2027-05-01T10:00:00Z")), ConsentStatus::Withdrawn);
    }

    fn endings() -> impl Strategy<Value = u8> {
        0_u8..8
    }

    /// What ends a consent, or narrows it.
    fn ended(consent: &ConsentRecord, how: u8, at: Timestamp) -> Option<ConsentRecord> {
        match how {
            0 => consent.withdraw(&withdrawal(None), anybody(), at).ok(),
            1 => consent.withdraw(&withdrawal(Some("testhomes")), anybody(), at).ok(),
            2 => consent.withdraw(&withdrawal(Some("northmoor-cjit")), anybody(), at).ok(),
            3 => consent.end_on(EndingEvent::TransferComplete, anybody(), at),
            4 => consent.end_on(EndingEvent::SentenceEnd, anybody(), at),
            5 => consent.arrive(&agency("northmoor-cjit"), anybody(), at),
            6 => consent.supersede(anybody(), at).ok(),
            _ => consent.strike_out(anybody(), at).ok(),
        }
    }

    const ENDINGS: [&str; 8] = [
        "withdrawn",
        "one recipient struck",
        "the other recipient struck",
        "the event that it names",
        "another event",
        "arrived at one recipient",
        "superseded",
        "struck out",
    ];

    crate::domain::walks!(
        Consent,
        no_walk_brings_back_what_was_taken_back,
        ENDINGS.map(str::to_owned),
        never: [("another event", "only the event that it names ends it, and these walks have one form of consent")]
    );

    proptest! {
        #[test]
        fn no_walk_brings_back_what_was_taken_back(
            refused in any::<bool>(),
            walk in prop::collection::vec((endings(), 0_i64..200), 0..20),
        ) {
            let mut consent = record(given());
            if refused {
                consent.status = ConsentStatus::Refused;
            }
            let mut at = now();
            for (how, days) in walk {
                at += jiff::SignedDuration::from_hours(24 * days);
                let before = consent.clone();
                if let Some(next) = ended(&before, how, at) {
                    crate::domain::walked::took(ENDINGS[usize::from(how)]);
                    prop_assert!(before.is_active(), "nothing leaves what is over");
                    prop_assert_eq!(next.version, before.version + 1);
                    prop_assert!(next.ending.as_ref().is_some_and(|ending| ending.at == at));
                    consent = next;
                }
                let of = |recipient: &AgencyId| before.terms.recipients.contains(recipient);
                prop_assert!(consent.terms.recipients.iter().all(of), "nobody is added");
                prop_assert_eq!(&consent.terms.segments, &before.terms.segments);
                prop_assert!(!consent.is_active() || !consent.terms.recipients.is_empty());
                prop_assert!(!refused || consent == before, "what was refused was never given");
            }
        }
    }
}
