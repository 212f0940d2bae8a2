//! Why consents end: they are taken back, what they name as their end has come, or one should never have been recorded.

use jiff::Timestamp;

use super::codes::{EndCause, EndingEvent};
use super::model::{ConsentRecord, EndGiven, WithdrawalGiven};
use crate::id::{AgencyId, RecordId, WorkerId};
use crate::vocabulary::EventType;

/// Why consents end, or are narrowed.
#[derive(Debug, Clone)]
pub enum Why {
    /// The person takes back this one or, where it is `None`, all that were ever given.
    TakenBack(WithdrawalGiven, Option<RecordId>),
    /// A worker of an agency that this one names says that it is over.
    Over(EndGiven, RecordId),
    /// Somebody has arrived where a referral led: what passes on the way there passes no more.
    Arrival {
        /// Who sent the person.
        from: AgencyId,
        /// Where the person is now.
        at: AgencyId,
    },
    /// Treatment at an agency is over.
    TreatmentExit {
        /// Where.
        from: AgencyId,
        /// Who treats the person all the same.
        goes_on_at: Vec<AgencyId>,
    },
}

impl Why {
    /// The next version of a consent, if it is one that ends so; `None` if it is not, or has ended before.
    pub(super) fn after(
        &self,
        consent: &ConsentRecord,
        by: &(AgencyId, WorkerId),
        now: Timestamp,
    ) -> Option<ConsentRecord> {
        match self {
            Self::TakenBack(given, one) => {
                let is_meant = match (one, &given.only_recipients) {
                    (Some(one), _) => consent.id == *one,
                    (None, None) => true,
                    (None, Some(struck)) => {
                        consent.terms.recipients.iter().any(|named| struck.contains(named))
                    }
                };
                is_meant.then(|| consent.withdraw(given, by.clone(), now).ok()).flatten()
            }
            Self::Over(given, one) => (consent.id == *one)
                .then(|| match given.because {
                    EndCause::EventHasCome => consent.end_on(consent.terms.expires_on_event, by.clone(), now),
                    EndCause::EnteredInError => consent.strike_out(by.clone(), now).ok(),
                })
                .flatten(),
            Self::Arrival { from, at } => {
                let is_on_the_way = consent.terms.disclosing_agencies.contains(from);
                is_on_the_way.then(|| consent.arrive(at, by.clone(), now)).flatten()
            }
            Self::TreatmentExit { from, goes_on_at } => {
                let ends =
                    consent.is_party(from) && !goes_on_at.iter().any(|agency| consent.is_party(agency));
                ends.then(|| consent.end_on(EndingEvent::TreatmentExit, by.clone(), now)).flatten()
            }
        }
    }

    /// The one consent that it is about, where a worker named one.
    pub(super) const fn one(&self) -> Option<RecordId> {
        match self {
            Self::TakenBack(_, one) => *one,
            Self::Over(_, one) => Some(*one),
            Self::Arrival { .. } | Self::TreatmentExit { .. } => None,
        }
    }

    /// Whether it is for an agency to say of a consent that names it: whoever is named may hear the person take it back, who knows what ends it
    /// may say that this has come, and the one that took it knows what was wrong.
    pub(super) fn is_for(&self, agency: &AgencyId, consent: &ConsentRecord) -> bool {
        match self {
            Self::Over(EndGiven { because: EndCause::EventHasCome, .. }, _) => consent.knows_its_end(agency),
            Self::Over(EndGiven { because: EndCause::EnteredInError, .. }, _) => consent.agency == *agency,
            Self::TakenBack(..) | Self::Arrival { .. } | Self::TreatmentExit { .. } => true,
        }
    }

    /// Whether nobody need be asked any more before something urgent is called off by it.
    pub(super) const fn is_confirmed(&self) -> bool {
        match self {
            Self::TakenBack(given, _) => given.urgent_effects_confirmed,
            Self::Over(given, _) => given.urgent_effects_confirmed,
            // It ends as the person was told that it would.
            Self::Arrival { .. } | Self::TreatmentExit { .. } => true,
        }
    }

    /// Whether a recipient is among those from whom it is taken.
    pub(super) fn strikes(&self, recipient: &AgencyId) -> bool {
        match self {
            Self::TakenBack(given, _) => {
                given.only_recipients.as_ref().is_none_or(|only| only.contains(recipient))
            }
            Self::Arrival { at, .. } => at == recipient,
            Self::Over(..) | Self::TreatmentExit { .. } => true,
        }
    }

    /// What all who knew of the consent are told.
    pub(super) const fn event(&self) -> EventType {
        match self {
            Self::TakenBack(..) => EventType::ConsentWithdrawn,
            Self::Over(..) | Self::Arrival { .. } | Self::TreatmentExit { .. } => EventType::ConsentEnded,
        }
    }

    /// What is called off because of it says so, to all its sides.
    pub(super) const fn words(&self) -> &'static str {
        match self {
            Self::TakenBack(..) => "The person withdrew consent.",
            Self::Over(..) | Self::Arrival { .. } | Self::TreatmentExit { .. } => {
                "The consent for it has come to its end."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::codes::ConsentStatus;
    use super::super::fixture::{agency, given, now, record};
    use super::super::model::ConsentGiven;
    use super::*;

    fn by() -> (AgencyId, WorkerId) {
        (agency("northmoor-cjit"), "worker-two".parse().unwrap())
    }

    fn ending_on(event: EndingEvent) -> ConsentRecord {
        record(ConsentGiven { expires_on_event: event, ..given() })
    }

    fn after(why: Why, consent: &ConsentRecord) -> Option<ConsentRecord> {
        why.after(consent, &by(), now())
    }

    fn arrival(from: &str, at: &str) -> Why {
        Why::Arrival { from: agency(from), at: agency(at) }
    }

    fn exit(from: &str, goes_on_at: &[&str]) -> Why {
        Why::TreatmentExit {
            from: agency(from),
            goes_on_at: goes_on_at.iter().map(|id| agency(id)).collect(),
        }
    }

    #[test]
    fn whoever_has_arrived_is_spoken_of_on_the_way_there_no_more() {
        let consent = ending_on(EndingEvent::TransferComplete);
        let arrived = after(arrival("fallowgate-carat", "northmoor-cjit"), &consent).unwrap();
        assert_eq!(arrived.status, ConsentStatus::Active, "the way to the other recipient goes on");
        assert_eq!(arrived.terms.recipients, [agency("testhomes")]);
        let ended = after(arrival("fallowgate-carat", "testhomes"), &arrived).unwrap();
        assert_eq!((ended.version, ended.status), (3, ConsentStatus::Expired));
    }

    #[test]
    fn an_arrival_ends_only_what_names_it_as_its_end_and_passes_that_way() {
        let consent = ending_on(EndingEvent::TransferComplete);
        assert_eq!(after(arrival("lantern", "northmoor-cjit"), &consent), None, "from elsewhere");
        assert_eq!(after(arrival("fallowgate-carat", "lantern"), &consent), None, "to elsewhere");
        let other = ending_on(EndingEvent::SentenceEnd);
        assert_eq!(after(arrival("fallowgate-carat", "northmoor-cjit"), &other), None);
    }

    #[test]
    fn treatment_is_over_when_no_agency_that_the_consent_names_goes_on_with_it() {
        let consent = ending_on(EndingEvent::TreatmentExit);
        let ended = after(exit("northmoor-cjit", &["lantern"]), &consent).unwrap();
        assert_eq!(ended.status, ConsentStatus::Expired, "lantern is not in it");
        assert_eq!(after(exit("northmoor-cjit", &["fallowgate-carat"]), &consent), None);
        assert_eq!(after(exit("lantern", &[]), &consent), None, "a stranger's case tells nothing about it");
        let other = ending_on(EndingEvent::TransferComplete);
        assert_eq!(after(exit("northmoor-cjit", &[]), &other), None);
    }

    #[test]
    fn a_worker_may_say_that_it_is_over_or_that_it_never_was() {
        let consent = ending_on(EndingEvent::SentenceEnd);
        for (because, status) in [
            (EndCause::EventHasCome, ConsentStatus::Expired),
            (EndCause::EnteredInError, ConsentStatus::EnteredInError),
        ] {
            let given = EndGiven { because, occurred_at: None, reason: None, urgent_effects_confirmed: true };
            let over = after(Why::Over(given.clone(), consent.id), &consent).unwrap();
            assert_eq!(over.status, status);
            assert_eq!(after(Why::Over(given.clone(), consent.id), &over), None, "once");
            assert_eq!(after(Why::Over(given, RecordId::random()), &consent), None, "another");
        }
    }
}
