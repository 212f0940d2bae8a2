//! A joint decision as stored: who was asked, and what each said. Held by the team to which it was proposed, never by the police, whose
//! own records must not tell who took part. A leaf.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::codes::{Closing, Condition, Vote};
use crate::id::{AgencyId, PersonId, RecordId, WorkerId};

/// One version of a joint decision as stored.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DecisionRecord {
    /// The same for all its versions.
    pub id: RecordId,
    /// 1 for the first.
    pub version: u32,
    /// The person.
    pub person: PersonId,
    /// The police and the officer who proposed it.
    pub police: (AgencyId, WorkerId),
    /// What the caution would ask for.
    pub condition: Condition,
    /// The number of the custody record, by which officer and team speak of it. No project is shown it.
    pub custody_reference: Option<String>,
    /// When it was proposed.
    pub proposed_at: Timestamp,
    /// The team to which it was proposed.
    pub lead: Party,
    /// The projects that the team brought in, in this order.
    pub joined: Vec<Party>,
    /// How the police closed it.
    pub closed: Option<Closed>,
}

/// Who must agree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The agency.
    pub agency: AgencyId,
    /// The worker of the team who brought it in; none for the team itself.
    pub brought_in_by: Option<WorkerId>,
    /// Since when it is a party.
    pub since: Timestamp,
    /// Its votes, oldest first: the last one counts.
    pub votes: Vec<Cast>,
}

/// A vote.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cast {
    /// What was said.
    pub vote: Vote,
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

/// That the police closed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    /// How.
    pub how: Closing,
    /// By whom.
    pub by: WorkerId,
    /// When.
    pub at: Timestamp,
}

impl Party {
    /// An agency that is asked from now on.
    pub const fn new(agency: AgencyId, brought_in_by: Option<WorkerId>, since: Timestamp) -> Self {
        Self { agency, brought_in_by, since, votes: Vec::new() }
    }

    /// What it says.
    pub fn vote(&self) -> Option<Vote> {
        self.votes.last().map(|cast| cast.vote)
    }
}

impl DecisionRecord {
    /// All who must agree.
    pub fn parties(&self) -> impl Iterator<Item = &Party> + Clone {
        std::iter::once(&self.lead).chain(&self.joined)
    }

    /// This agency as one of them.
    pub fn party(&self, agency: &AgencyId) -> Option<&Party> {
        self.parties().find(|party| party.agency == *agency)
    }

    /// What they decided: to agree if all do, not to as soon as one declines.
    pub fn verdict(&self) -> Option<Vote> {
        let mut votes = self.parties().map(Party::vote);
        if votes.clone().any(|vote| vote == Some(Vote::Decline)) {
            return Some(Vote::Decline);
        }
        votes.all(|vote| vote == Some(Vote::Agree)).then_some(Vote::Agree)
    }
}
