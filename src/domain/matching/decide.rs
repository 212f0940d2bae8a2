//! The desk decides: two persons are one from now on, or two, and a later decision reverses an earlier one.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::doubt::{ask_about, is_answered, on_the_ways};
use super::model::{MatchDecision, MatchRecord, MatchVerdict};
use super::parting::{Parting, decided_apart};
use crate::calendar::Calendar;
use crate::domain::caseload::{Linked, ask_after_link, ask_again_after_doubt, tell_after_difference};
use crate::domain::client::facts::{facts_of_both, facts_of_each};
use crate::domain::client::matcher::{Matcher, Reading, known};
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::domain::prescribing::{reopen_scripts_after_doubt, tell_of_scripts_after_link};
use crate::id::{AgencyId, Handle, PersonId};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::MatchDecide;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::match_index::{Candidates, ClientSegments};
use crate::store::match_pair::{Pair, PairState};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// The decision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecisionGiven {
    /// Whether both are one person.
    pub decision: MatchVerdict,
    /// Why, without either person's name.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: String,
}

/// `POST /matches/{id}/decision`.
pub struct DecideMatch {
    /// What the desk calls the case.
    pub id: Handle,
    /// The decision.
    pub given: DecisionGiven,
    /// Who is who.
    pub matcher: Arc<Matcher>,
    /// Working days.
    pub calendar: Arc<Calendar>,
    /// Knows the directory.
    pub journal: Journal,
}

/// The decision is on record, and counts from now on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Decided {
    /// What the desk calls the case.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What was decided.
    pub decision: MatchVerdict,
}

impl Command for DecideMatch {
    type Action = MatchDecide;
    type Acknowledgement = Decided;
    // What the decision brings for others, whether two agencies prescribe among it, must not show in its time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Match, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<MatchDecide>,
        changes: &mut Changes,
    ) -> Result<Accepted<Decided>, Rejection> {
        let principal = worker(call)?;
        let desk = &principal.agency;
        let record = target_of(permit)?.record.ok_or(Error::Corrupt("a case without a record"))?;
        let case = tx.document_read::<_, MatchRecord>(permit, desk, record)?;
        require_version(call, &case)?;
        let decision = MatchDecision {
            verdict: self.given.decision,
            reason: self.given.reason.clone(),
            by: principal.worker.clone(),
            at: changes.now(),
        };
        let next = case.revise(&decision, with_decision)?;
        let pair = tx.pair_of_record(record)?.ok_or_else(|| because("asked-anew"))?;
        let (one, other) = (tx.cluster_of(pair.low)?, tx.cluster_of(pair.high)?);
        changes.rest_on(one.epochs().chain(other.epochs()));
        let are_one = one.has(pair.high);
        let directory = self.journal.directory();
        let linked =
            Linked { people: (pair.low, pair.high), calendar: &self.calendar, directory: &directory };
        let mut sides: [BTreeSet<PersonId>; 2] = [one.persons().collect(), other.persons().collect()];
        let mut also_apart = Vec::new();
        match (self.given.decision, are_one) {
            (MatchVerdict::Same, false) => {
                changes.persons_are_one(tx.keys(), one.into_iter().chain(&other));
                ask_after_link(tx, permit, changes, &linked)?;
                tell_of_scripts_after_link(tx, permit, changes, linked.people, &self.calendar)?;
                // Whoever looks after a flag about one of them has not heard of the other.
                for person in [pair.low, pair.high] {
                    tell_reappearance(tx, permit, changes, person, Reappeared::Presented, desk, None)?;
                }
            }
            (MatchVerdict::Same, true) => {
                // Somebody had doubted it, and went by that.
                let pairs = tx.pairs_of(pair.low)?;
                let is_answered = |one, other| is_answered(&pairs, &pair, (one, other));
                ask_again_after_doubt(tx, permit, changes, &linked, &is_answered)?;
                reopen_scripts_after_doubt(tx, permit, changes, pair.low, &is_answered, &self.calendar)?;
            }
            (MatchVerdict::Different, false) => {
                tell_after_difference(tx, permit, changes, [pair.low, pair.high])?;
            }
            (MatchVerdict::Different, true) => {
                let pairs = tx.pairs_of(pair.low)?;
                if let Some(parts) = tx.parts_without(&one, &pair, &pairs)? {
                    let by = (desk.clone(), principal.worker.clone());
                    let (calendar, directory) = (self.calendar.as_ref(), directory.as_ref());
                    let parting = Parting { cluster: &one, parts: &parts, by, calendar, directory };
                    parting.carry_out(tx, permit, changes)?;
                    also_apart = decided_apart(&pairs, &pair, &parts);
                    sides = parts;
                } else {
                    // By something else they are one as well: they stay one until the desk has looked at that, too.
                    let others: Vec<Pair> =
                        pairs.into_iter().filter(|other| !other.is_about_those_of(&pair)).collect();
                    let ways = on_the_ways(&others, pair.low, &[pair.high].into());
                    ask_about(tx, permit, changes, &ways, &directory)?;
                }
            }
        }
        let facts = self.facts(tx, permit, (desk, &pair), &sides)?;
        let (keys, [low_facts, high_facts]) = (tx.keys(), facts);
        changes.pair_put(
            keys,
            &pair,
            self.given.decision.state(),
            facts_of_both(keys, (pair.low, low_facts), (pair.high, high_facts)),
        );
        for pair in also_apart {
            let [low, _] = &sides;
            let is_turned = !low.contains(&pair.low);
            let (of_low, of_high) = if is_turned { (high_facts, low_facts) } else { (low_facts, high_facts) };
            let facts = facts_of_both(keys, (pair.low, of_low), (pair.high, of_high));
            changes.pair_put(keys, &pair, PairState::Different, facts);
        }
        let version = tx.next_version(record, Kind::Match, pair.low, desk)?;
        changes.document_put(tx, &version, &next)?;
        changes.task_done(desk, TaskKind::MatchDecision, record);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(desk, record, version.version)),
            acknowledgement: Decided { id: self.id, decision: self.given.decision },
        })
    }
}

impl DecideMatch {
    /// On which facts it is decided: what is known of each side, of those who fall apart what is left of each.
    fn facts(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<MatchDecide>,
        (desk, pair): (&AgencyId, &Pair),
        sides: &[BTreeSet<PersonId>; 2],
    ) -> Result<[i64; 2], Error> {
        let Candidates { people, records } = tx.clients_read(permit, desk, &[pair.low, pair.high])?;
        let places = |side: &BTreeSet<PersonId>| {
            let found = people.iter().enumerate().flat_map(|(at, candidate)| {
                let persons = candidate.persons.iter().enumerate();
                persons.filter(|(_, person)| side.contains(person)).map(move |(place, _)| (at, place))
            });
            found.collect::<Vec<_>>()
        };
        let of_sides = records.beside(sides.iter().map(places).collect::<Vec<_>>()).view(of_sides);
        let known = of_sides.beside(Reading { matcher: self.matcher.clone(), own: Vec::new() }).view(known);
        let facts = known.tokens(tx.keys(), facts_of_each);
        let of_side = |at: usize| facts.get(at).copied().unwrap_or(0);
        Ok([of_side(0), of_side(1)])
    }
}

/// Where the records of each side stand.
type Places = Vec<Vec<(usize, usize)>>;

fn of_sides((records, sides): &(Vec<Vec<ClientSegments>>, Places)) -> Vec<Vec<ClientSegments>> {
    let record = |(at, place): &(usize, usize)| records.get(*at).and_then(|of| of.get(*place)).cloned();
    sides.iter().map(|places| places.iter().filter_map(record).collect()).collect()
}

fn with_decision(case: &Document<MatchRecord>, decision: &MatchDecision) -> Result<MatchRecord, Problem> {
    case.value.decided(decision.clone()).ok_or_else(|| because("decided-so-already"))
}

fn because(reason: &'static str) -> Problem {
    Problem::because(ProblemType::InvalidTransition, reason)
}
