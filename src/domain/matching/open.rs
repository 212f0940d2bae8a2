//! What comes of a presentation: whoever the gateway is sure of is one with the presented from now on, and an uncertain match goes to
//! the desk, and to nobody else.
//!
//! Each agency that presents somebody writes of a person of its own. That the gateway takes two for one is a case like those that the
//! desk decides, so that the desk can part them again.

use std::sync::Arc;

use super::desk::Desk;
use super::model::MatchRecord;
use crate::crypto::{KeyRing, Token};
use crate::domain::client::facts::{Together, facts_of_both, facts_of_company};
use crate::domain::client::matcher::{Found, Matcher};
use crate::id::PersonId;
use crate::journal::Journal;
use crate::people::verdict::Weighed;
use crate::store::change::{Changes, NewVersion};
use crate::store::identity::Cluster;
use crate::store::match_pair::{Pair, PairState};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};

/// So many cases come of one presentation at most: those that weigh most. It costs as many statements if there are none.
const MOST_CASES: usize = 2;

/// Who was presented, and whom that was found to be.
pub struct Opening<'a> {
    /// The person.
    pub person: PersonId,
    /// Who is one with that person as yet.
    pub cluster: &'a Cluster,
    /// The place among those found of whoever that person is.
    pub is: Option<usize>,
    /// The one of them with whom the person, who is new, is one from now on.
    pub joins: Option<PersonId>,
    /// With which the details are read.
    pub matcher: &'a Arc<Matcher>,
    /// Knows the directory.
    pub journal: &'a Journal,
}

/// Joins the presented person to whom the gateway is sure of, and opens a case with each of those found who may be the presented person and
/// is not known to be, or not to be. It asks the database as often whether or not there is any.
pub fn open_cases(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    found: &Found,
    opening: &Opening<'_>,
) -> Result<(), Error> {
    let desk = Desk::of(&opening.journal.directory())?;
    let pairs = tx.pairs_of(opening.joins.unwrap_or(opening.person))?;
    let facts = Facts::of(tx.keys(), found, opening);
    let in_doubt = opening.in_doubt(tx.keys(), found, &facts, &pairs);
    let keeps_none = opening.joins.is_none() && in_doubt.is_empty();
    tx.look_at_nothing(MOST_CASES - in_doubt.len() + if keeps_none { 2 } else { 0 })?;
    let Opening { person, cluster, .. } = *opening;
    if let (Some(other), Some(at)) = (opening.joins, opening.is) {
        let weighed = found.weighed.iter().find(|weighed| weighed.finding.candidate == at);
        let weighed = weighed.ok_or(Error::Corrupt("somebody was found who was not weighed"))?;
        // On what is known of each alone, since that is what is left when they are parted.
        let both = facts_of_both(tx.keys(), (person, facts.alone), (other, facts.at(at)));
        let version = NewVersion::first(Kind::Match, person, &desk.agency);
        let case = MatchRecord::weighed((person, other), PairState::Same, weighed, changes.now());
        changes.document_put_sent(tx, &version, &case)?;
        changes.pair_put(tx.keys(), &Pair::new(person, other, both, version.record), PairState::Same, both);
        changes.person_joins(tx.keys(), person, cluster);
    }
    for InDoubt { weighed, other, both } in in_doubt {
        let version = NewVersion::first(Kind::Match, person, &desk.agency);
        let known = pairs.iter().find(|pair| pair.is_between(&|of| of == person, &|of| of == other));
        let pair = match known {
            Some(known) => known.asked_anew(version.record),
            None => Pair::new(person, other, both, version.record),
        };
        let case = MatchRecord::weighed((person, other), PairState::Open, weighed, changes.now());
        changes.document_put_sent(tx, &version, &case)?;
        changes.pair_put(tx.keys(), &pair, PairState::Open, both);
        desk.is_asked(tx, changes, &version)?;
    }
    Ok(())
}

/// Keyed tokens of what is known: of each who was found, of the presented with whom she is, and of what was presented alone.
struct Facts {
    found: Vec<i64>,
    presented: i64,
    alone: i64,
}

impl Facts {
    fn of(keys: &KeyRing, found: &Found, opening: &Opening<'_>) -> Self {
        let with = |is| {
            found.company.tokens(&Together { ring: keys, matcher: opening.matcher, is }, facts_of_company)
        };
        let (mut found, mut alone) = (with(opening.is), with(None));
        Self { presented: found.pop().unwrap_or(0), alone: alone.pop().unwrap_or(0), found }
    }

    fn at(&self, place: usize) -> i64 {
        self.found.get(place).copied().unwrap_or(0)
    }
}

/// Somebody who may be the presented person.
struct InDoubt<'f> {
    weighed: &'f Weighed,
    other: PersonId,
    /// What is known of both.
    both: Token,
}

impl Opening<'_> {
    /// Those about whom the desk must be asked: not whoever the person is, and nobody about whom it was asked on the same facts.
    fn in_doubt<'f>(
        &self,
        keys: &KeyRing,
        found: &'f Found,
        facts: &Facts,
        pairs: &[Pair],
    ) -> Vec<InDoubt<'f>> {
        let person = self.person;
        let mut in_doubt = Vec::new();
        for weighed in &found.weighed {
            let at = weighed.finding.candidate;
            let Some(candidate) = found.people.get(at).filter(|_| self.is != Some(at)) else { continue };
            let Some(other) = candidate.persons.first().copied() else { continue };
            let both = |ours, theirs| facts_of_both(keys, (ours, facts.presented), (theirs, facts.at(at)));
            let is_ours = |of| of == person || self.cluster.has(of);
            let is_theirs = |of| candidate.persons.contains(&of);
            let mut between = pairs.iter().filter(|pair| pair.is_between(&is_ours, &is_theirs));
            let is_settled = between.any(|pair| match pair.state {
                PairState::Open | PairState::Same | PairState::Doubted => true,
                // Whichever two of them it is about: their ids say whose facts come first.
                PairState::Different if is_ours(pair.low) => pair.facts == both(pair.low, pair.high),
                PairState::Different => pair.facts == both(pair.high, pair.low),
            });
            if !is_settled && in_doubt.len() < MOST_CASES {
                in_doubt.push(InDoubt { weighed, other, both: both(person, other) });
            }
        }
        in_doubt
    }
}
