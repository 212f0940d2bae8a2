//! What can be done to a joint decision, by whom, and when: pure, over the record alone.

use jiff::Timestamp;

use super::codes::{Closing, Standing, Vote};
use super::model::{Cast, Closed, DecisionRecord, Party};
use crate::id::{AgencyId, WorkerId};

/// What somebody does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Act {
    /// Says what one's own agency thinks, or otherwise than before.
    Vote(Vote),
    /// Asks one more agency.
    BringIn(AgencyId),
    /// Ends it, as the police. Whether the person and all parties still agree is known by then.
    Close(Closing),
}

/// Who acts, and when.
#[derive(Debug, Clone)]
pub struct By {
    /// The agency.
    pub agency: AgencyId,
    /// Its worker.
    pub worker: WorkerId,
    /// When.
    pub at: Timestamp,
    /// Whether the person's consents still let every party take part, and the answer be told.
    pub agreed_to: bool,
}

/// Why it is not done: a code that tells nothing of who voted what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidAct {
    /// It is closed.
    #[error("is closed")]
    Closed,
    /// It is decided: votes stand, and nobody else is asked.
    #[error("is decided, and stands")]
    Decided,
    /// It is for another side to do.
    #[error("is for another side to do")]
    NotThisSide,
    /// That agency is asked already.
    #[error("is a party already")]
    PartyAlready,
    /// It may not be issued.
    #[error("may not be issued: not all agree, or not all have said so")]
    NotAgreed,
}

impl InvalidAct {
    /// As the caller is told.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Closed => "decision-closed",
            Self::Decided => "decision-stands",
            Self::NotThisSide => "not-this-side",
            Self::PartyAlready => "party-already",
            Self::NotAgreed => "not-agreed",
        }
    }
}

/// Where it stands. Without the person's consent nothing may be issued, and nobody is told why.
pub fn standing(decision: &DecisionRecord, agreed_to: bool) -> Standing {
    match (decision.closed.as_ref().map(|closed| closed.how), decision.verdict()) {
        (Some(Closing::Issue), _) => Standing::Issued,
        (Some(Closing::Withdraw), _) => Standing::Withdrawn,
        (None, Some(Vote::Agree)) if agreed_to => Standing::MayIssue,
        (None, Some(Vote::Agree | Vote::Decline)) => Standing::MayNotIssue,
        (None, None) => Standing::Pending,
    }
}

/// The next version after an act.
///
/// # Errors
/// [`InvalidAct`] if this side cannot do it as the decision stands.
pub fn apply(decision: &DecisionRecord, act: &Act, by: &By) -> Result<DecisionRecord, InvalidAct> {
    if decision.closed.is_some() {
        return Err(InvalidAct::Closed);
    }
    let is_police = decision.police.0 == by.agency;
    let is_closing = matches!(act, Act::Close(_));
    if is_police != is_closing || (!is_police && decision.party(&by.agency).is_none()) {
        return Err(InvalidAct::NotThisSide);
    }
    if !is_closing && decision.verdict().is_some() {
        return Err(InvalidAct::Decided);
    }
    let mut next = DecisionRecord { version: decision.version.saturating_add(1), ..decision.clone() };
    match act {
        Act::Vote(vote) => {
            let cast = Cast { vote: *vote, by: by.worker.clone(), at: by.at };
            let mut parties = std::iter::once(&mut next.lead).chain(&mut next.joined);
            let party = parties.find(|party| party.agency == by.agency).ok_or(InvalidAct::NotThisSide)?;
            party.votes.push(cast);
        }
        Act::BringIn(agency) => {
            if decision.lead.agency != by.agency {
                return Err(InvalidAct::NotThisSide);
            }
            if decision.party(agency).is_some() {
                return Err(InvalidAct::PartyAlready);
            }
            next.joined.push(Party::new(agency.clone(), Some(by.worker.clone()), by.at));
        }
        Act::Close(how) => {
            if !standing(decision, by.agreed_to).closings().contains(how) {
                return Err(InvalidAct::NotAgreed);
            }
            next.closed = Some(Closed { how: *how, by: by.worker.clone(), at: by.at });
        }
    }
    Ok(next)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::codes::Condition;
    use super::*;
    use crate::id::{PersonId, RecordId};

    fn agency(id: &str) -> AgencyId {
        id.parse().unwrap()
    }

    fn by(id: &str) -> By {
        let at = "2026-06-01T10:00:00Z".parse().unwrap();
        By { agency: agency(id), worker: "worker-one".parse().unwrap(), at, agreed_to: true }
    }

    fn proposed() -> DecisionRecord {
        DecisionRecord {
            id: RecordId::random(),
            version: 1,
            person: PersonId::random(),
            police: (agency("police"), "officer".parse().unwrap()),
            condition: Condition::ThreeSessions,
            custody_reference: None,
            proposed_at: by("police").at,
            lead: Party::new(agency("team"), None, by("police").at),
            joined: Vec::new(),
            closed: None,
        }
    }

    #[test]
    fn it_may_be_issued_only_when_all_have_agreed() {
        let both = apply(&proposed(), &Act::BringIn(agency("project")), &by("team")).unwrap();
        let one = apply(&both, &Act::Vote(Vote::Agree), &by("team")).unwrap();
        assert_eq!(standing(&one, true), Standing::Pending);
        assert_eq!(apply(&one, &Act::Close(Closing::Issue), &by("police")), Err(InvalidAct::NotAgreed));
        let all = apply(&one, &Act::Vote(Vote::Agree), &by("project")).unwrap();
        assert_eq!(
            (standing(&all, true), standing(&all, false)),
            (Standing::MayIssue, Standing::MayNotIssue)
        );
        let without_her = By { agreed_to: false, ..by("police") };
        assert_eq!(apply(&all, &Act::Close(Closing::Issue), &without_her), Err(InvalidAct::NotAgreed));
        let issued = apply(&all, &Act::Close(Closing::Issue), &by("police")).unwrap();
        assert_eq!(standing(&issued, false), Standing::Issued);
    }

    #[test]
    fn a_vote_can_be_changed_until_it_is_decided_and_not_after() {
        let both = apply(&proposed(), &Act::BringIn(agency("project")), &by("team")).unwrap();
        let agreed = apply(&both, &Act::Vote(Vote::Agree), &by("project")).unwrap();
        let declined = apply(&agreed, &Act::Vote(Vote::Decline), &by("project")).unwrap();
        assert_eq!(declined.joined[0].votes.len(), 2, "what was said before is kept");
        for (act, who) in [
            (Act::Vote(Vote::Agree), "project"),
            (Act::Vote(Vote::Agree), "team"),
            (Act::BringIn(agency("another")), "team"),
        ] {
            assert_eq!(apply(&declined, &act, &by(who)), Err(InvalidAct::Decided));
        }
        assert_eq!(
            apply(&both, &Act::BringIn(agency("another")), &by("project")),
            Err(InvalidAct::NotThisSide)
        );
        assert_eq!(
            apply(&both, &Act::BringIn(agency("project")), &by("team")),
            Err(InvalidAct::PartyAlready)
        );
    }

    fn acts() -> impl Strategy<Value = (Act, &'static str)> {
        let act = prop_oneof![
            prop::sample::select(Vote::ALL).prop_map(Act::Vote),
            prop::sample::select(vec!["project", "other", "team"]).prop_map(|id| Act::BringIn(agency(id))),
            prop::sample::select(Closing::ALL).prop_map(Act::Close),
        ];
        (act, prop::sample::select(vec!["team", "project", "other", "police", "stranger"]))
    }

    fn step_of(act: &Act) -> String {
        match act {
            Act::Vote(vote) => vote.to_string(),
            Act::BringIn(_) => "bring in".to_owned(),
            Act::Close(closing) => closing.to_string(),
        }
    }

    crate::domain::walks!(
        JointDecision,
        no_walk_issues_what_somebody_did_not_agree_to,
        ["agree", "decline", "bring in", "issue", "withdraw"].map(str::to_owned)
    );

    proptest! {
        #[test]
        fn no_walk_issues_what_somebody_did_not_agree_to(walk in prop::collection::vec((acts(), any::<bool>()), 0..40)) {
            let mut decision = proposed();
            for ((act, who), agreed_to) in walk {
                let before = decision.clone();
                let by = By { agreed_to, ..by(who) };
                let Ok(next) = apply(&before, &act, &by) else { continue };
                crate::domain::walked::took(step_of(&act));
                prop_assert_eq!(next.version, before.version + 1);
                prop_assert!(before.closed.is_none(), "nothing moves once it is closed");
                prop_assert!(before.verdict().is_none() || next.verdict() == before.verdict(), "what is decided stands");
                if standing(&next, true) == Standing::Issued {
                    prop_assert!(agreed_to && next.parties().all(|party| party.vote() == Some(Vote::Agree)));
                }
                decision = next;
            }
        }
    }
}
