//! Opening cases: an uncertain match goes to the desk, and to nobody else.

use std::sync::Arc;

use jiff::SignedDuration;

use super::model::MatchRecord;
use crate::directory::{AgencyStatus, Directory};
use crate::domain::client::matcher::{FactsOf, Found, Matcher, facts_of, facts_of_both};
use crate::id::{AgencyId, PersonId};
use crate::identity::principal::Principal;
use crate::journal::Journal;
use crate::people::details::Details;
use crate::people::levels::Level;
use crate::people::verdict::Weighed;
use crate::store::change::{Changes, NewVersion};
use crate::store::match_pair::{Pair, PairState};
use crate::store::record::Kind;
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, DutyRole, EventType, Role, TaskKind};

/// So many cases come of one presentation at most: those that weigh most.
const MOST_CASES: usize = 2;
/// In bits: at odds of less than one to sixteen that two are one the desk is not asked, unless they share a number.
const WORTH_THE_DESK: f64 = -4.0;
/// Until when the desk should have decided, and when its deputy is reminded.
const DUE: SignedDuration = SignedDuration::from_hours(24);
const REMIND: SignedDuration = SignedDuration::from_hours(8);

/// Who was presented, and whom that was found to be.
pub struct Opening<'a> {
    /// The person.
    pub person: PersonId,
    /// The place among those found of whoever that person is.
    pub is: Option<usize>,
    /// What was presented.
    pub details: &'a Details,
    /// With which the details are read.
    pub matcher: &'a Arc<Matcher>,
    /// Knows the directory.
    pub journal: &'a Journal,
}

/// The agency that settles uncertain matches: the operator's, with matching officers. Until one is enrolled the gateway itself
/// keeps the cases, and whoever is in doubt counts as possible.
fn desk(directory: &Directory) -> Result<(AgencyId, bool), Error> {
    let desk = directory.iter().find(|agency| {
        agency.agency_type == AgencyType::Operator
            && agency.status == AgencyStatus::Active
            && agency.may_assert(Role::MatchingOfficer)
    });
    match desk {
        Some(desk) => Ok((desk.id.clone(), true)),
        None => Principal::system(0)
            .map(|gateway| (gateway.agency, false))
            .map_err(|_| Error::Corrupt("the system's ids are malformed")),
    }
}

/// Opens a case with each of those found who may be the presented person and is not known to be, or not to be. It asks the database
/// as often whether or not there is any.
pub fn open_cases(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    found: &Found,
    opening: &Opening<'_>,
) -> Result<(), Error> {
    let (desk, is_staffed) = desk(&opening.journal.directory())?;
    let person = opening.person;
    let pairs = tx.pairs_of(person)?;
    let cluster = tx.cluster_of(person)?;
    let keys = tx.keys();
    let of = FactsOf { keys, matcher: opening.matcher, presented: Some(opening.details), is: opening.is };
    let facts = found.known.tokens(&of, facts_of);
    let of_presented = facts.last().copied().unwrap_or(0);
    let mut cases = Vec::new();
    for weighed in found.weighed.iter().filter(|weighed| is_worth_it(weighed)) {
        let at = weighed.finding.candidate;
        let Some(candidate) = found.people.get(at).filter(|_| opening.is != Some(at)) else { continue };
        let Some(other) = candidate.persons.first().copied() else { continue };
        let both = facts_of_both(keys, (person, of_presented), (other, facts.get(at).copied().unwrap_or(0)));
        let is_ours = |of| of == person || cluster.has(of);
        let is_theirs = |of| candidate.persons.contains(&of);
        let is_settled =
            pairs.iter().filter(|pair| pair.is_between(&is_ours, &is_theirs)).any(|pair| match pair.state {
                PairState::Open | PairState::Same => true,
                PairState::Different => pair.facts == both,
            });
        if !is_settled && cases.len() < MOST_CASES {
            cases.push((weighed, other, both));
        }
    }
    tx.look_at_nothing(MOST_CASES - cases.len() + if cases.is_empty() { 2 } else { 0 })?;
    for (weighed, other, both) in cases {
        let version = NewVersion::first(Kind::Match, person, &desk);
        let known = pairs.iter().find(|pair| pair.is_between(&|of| of == person, &|of| of == other));
        let pair = match known {
            Some(known) => known.asked_anew(version.record),
            None => Pair::new(person, other, both, version.record),
        };
        let case = MatchRecord::opened(person, other, weighed, changes.now());
        changes.document_put_sent(tx, &version, &case)?;
        changes.pair_put(tx.keys(), &pair, PairState::Open, both);
        let handle = changes.own_handle(tx, &version)?;
        if is_staffed {
            let subject = format!("/v1/matches/{handle}");
            changes.notify(&desk, EventType::MatchWaiting, subject.clone());
            changes.task_put(NewTask {
                agency: desk.clone(),
                duty: DutyRole::MatchingDesk,
                holder: None,
                kind: TaskKind::MatchDecision,
                person,
                record: version.record,
                subject,
                remind_at: changes.now() + REMIND,
                due_at: changes.now() + DUE,
            });
        }
    }
    Ok(())
}

fn is_worth_it(weighed: &Weighed) -> bool {
    let shares_number =
        weighed.levels.iter().any(|(field, level)| field.is_identifier() && *level == Level::Same);
    weighed.finding.weight >= WORTH_THE_DESK || shares_number
}
