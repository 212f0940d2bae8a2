//! What the staff of a line are shown: one shape and one size, whatever was found.
//!
//! The number is the relay's for everybody. Were a service's own number shown and only a project's brokered, a brokered number would say
//! that the person is a project's; a service is shown with its own number where the person agreed that this line may know how it is reached.

use std::collections::BTreeSet;

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::CrisisOutcome;
use crate::domain::client::{ClientHead, person_in};
use crate::domain::person::{Channel, SafeContact};
use crate::id::{AgencyId, Handle};
use crate::store::Error;
use crate::store::record::Segments;
use crate::vocabulary::{Segment, SegmentSet};

/// Every answer is padded to a multiple of this many bytes; with two services it is still once.
const SIZE: usize = 2_048;

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct CrisisView {
    /// What the asker calls the look-up: what to quote.
    #[schema(value_type = String)]
    pub reference: Handle,
    /// What was found.
    pub outcome: CrisisOutcome,
    /// What that means, and what to do.
    pub words: &'static str,
    /// Whom to ring: the operator's help line, which leads to whoever must not be named. The same for everybody.
    pub telephone: String,
    /// The services that may be named to this line by the person's consent, with their own numbers.
    pub services: Vec<ServiceToRing>,
    /// How the person may safely be reached.
    pub safe_contact: SafeReach,
    /// Nothing: it gives every answer the same size.
    pub padding: String,
}

/// A service, where it may be named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct ServiceToRing {
    /// Which.
    #[schema(value_type = String)]
    pub agency: AgencyId,
    /// Its number at this hour.
    pub telephone: String,
}

/// How a person may safely be reached, in codes: of several services what all of them hold to be safe. Where nobody may say, no way is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SafeReach {
    /// The ways that are safe. A way that is not named is not safe.
    pub channels: BTreeSet<Channel>,
    /// The ways that must never be used.
    pub never: BTreeSet<Channel>,
    /// Whether a message may name the service.
    pub may_name_service: bool,
}

impl SafeReach {
    fn of(rule: &SafeContact) -> Self {
        let safe = rule.channels.iter().copied().filter(|channel| rule.allows(*channel));
        Self {
            channels: safe.collect(),
            never: rule.never.iter().copied().collect(),
            may_name_service: rule.may_name_service,
        }
    }

    /// What both hold to be safe.
    fn and(&self, other: &Self) -> Self {
        let never: BTreeSet<Channel> = self.never.union(&other.never).copied().collect();
        let both = self.channels.intersection(&other.channels).copied();
        Self {
            channels: both.filter(|channel| !never.contains(channel)).collect(),
            may_name_service: self.may_name_service && other.may_name_service,
            never,
        }
    }
}

/// What services wrote of how the person is reached, one after another; `None` before the first.
pub(super) type Reaches = Option<SafeReach>;

/// With what one more wrote. Who wrote nothing holds no way to be safe.
pub(super) fn one_more((before, client): &(Reaches, Segments<ClientHead>)) -> Result<Reaches, Error> {
    let person = person_in(SegmentSet::EMPTY.with(Segment::Contact), &client.segments)?;
    let own = person.safe_contact.as_ref().map(SafeReach::of).unwrap_or_default();
    Ok(Some(before.as_ref().map_or_else(|| own.clone(), |before| before.and(&own))))
}

/// What was found, before it is known how the person may be reached.
#[derive(Debug, Clone)]
pub(super) struct Found {
    pub(super) reference: Handle,
    pub(super) outcome: CrisisOutcome,
    pub(super) telephone: String,
    pub(super) services: Vec<ServiceToRing>,
}

/// The answer.
pub(super) fn shown((reaches, found): &(Reaches, Found)) -> Result<CrisisView, Error> {
    let view = CrisisView {
        reference: found.reference,
        outcome: found.outcome,
        words: found.outcome.words(),
        telephone: found.telephone.clone(),
        services: found.services.clone(),
        safe_contact: reaches.clone().unwrap_or_default(),
        padding: String::new(),
    };
    let bare = serde_json::to_vec(&view).map_err(|_| Error::Corrupt("an answer does not serialise"))?.len();
    Ok(CrisisView { padding: ".".repeat(SIZE - bare % SIZE), ..view })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(outcome: CrisisOutcome, services: &[&str]) -> Found {
        let service =
            |id: &&str| ServiceToRing { agency: id.parse().unwrap(), telephone: "01632 960102".to_owned() };
        Found {
            reference: Handle::random(),
            outcome,
            telephone: "01632 960100".to_owned(),
            services: services.iter().map(service).collect(),
        }
    }

    #[test]
    fn every_answer_has_one_size() {
        let size = |found: Found| serde_json::to_vec(&shown(&(None, found)).unwrap()).unwrap().len();
        for outcome in CrisisOutcome::ALL {
            for services in [&[][..], &["northmoor-cjit"], &["northmoor-cjit", "lantern"]] {
                assert_eq!(size(found(*outcome, services)), SIZE, "{outcome} {services:?}");
            }
        }
    }

    #[test]
    fn of_several_only_what_all_hold_to_be_safe_is() {
        let rule = |channels: &[Channel], never: &[Channel], may_name_service| SafeReach {
            channels: channels.iter().copied().collect(),
            never: never.iter().copied().collect(),
            may_name_service,
        };
        let [one, other, ..] = Channel::ALL else { panic!("there are several ways") };
        let both = rule(&[*one, *other], &[], true);
        assert_eq!(both.and(&rule(&[*one], &[*other], true)), rule(&[*one], &[*other], true));
        assert_eq!(both.and(&SafeReach::default()), SafeReach::default());
        assert_eq!(both.and(&rule(&[*one], &[], false)), rule(&[*one], &[], false));
    }
}
