//! The desk decides: two persons are one from now on, or two, and a later decision reverses an earlier one.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{MatchDecision, MatchRecord, MatchVerdict};
use crate::calendar::Calendar;
use crate::crypto::Token;
use crate::domain::caseload::{Linked, ask_after_link};
use crate::domain::client::matcher::{FactsOf, Matcher, facts_of, facts_of_both, known};
use crate::domain::prescribing::tell_of_scripts_after_link;
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
use crate::store::identity::Member;
use crate::store::match_index::Candidates;
use crate::store::match_pair::Pair;
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
        match self.given.decision {
            MatchVerdict::Same => {
                if !are_one {
                    changes.persons_are_one(tx.keys(), one.into_iter().chain(&other));
                    let people = (pair.low, pair.high);
                    let directory = self.journal.directory();
                    let linked = Linked { people, calendar: &self.calendar, directory: &directory };
                    ask_after_link(tx, permit, changes, &linked)?;
                    tell_of_scripts_after_link(tx, permit, changes, people, &self.calendar)?;
                }
            }
            MatchVerdict::Different => {
                if are_one {
                    let parts = tx.parts_without(&one, &pair)?;
                    if parts.iter().any(|part| part.contains(&pair.low) && part.contains(&pair.high)) {
                        return Err(because("held-together-by-other-decisions").into());
                    }
                    for part in parts {
                        let members =
                            one.into_iter().filter(|member: &&Member| part.contains(&member.person));
                        changes.persons_are_one(tx.keys(), members);
                    }
                }
            }
        }
        // While they are one, what is known of the one is known of the other; apart they are what they were when they were joined.
        let facts = if are_one { pair.facts } else { facts(tx, permit, desk, &self.matcher, &pair)? };
        changes.pair_put(tx.keys(), &pair, self.given.decision.state(), facts);
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

/// On which facts it is decided.
fn facts(
    tx: &mut Snapshot<'_>,
    permit: &Permit<MatchDecide>,
    desk: &AgencyId,
    matcher: &Arc<Matcher>,
    pair: &Pair,
) -> Result<Token, Error> {
    let Candidates { people, records } = tx.clients_read(permit, desk, &[pair.low, pair.high])?;
    let known = records.beside(matcher.clone()).view(known);
    let keys = tx.keys();
    let facts = known.tokens(&FactsOf { keys, matcher, presented: None, is: None }, facts_of);
    let of = |person: PersonId| {
        let at = people.iter().position(|candidate| candidate.persons.contains(&person));
        (person, at.and_then(|at| facts.get(at).copied()).unwrap_or(0))
    };
    Ok(facts_of_both(keys, of(pair.low), of(pair.high)))
}

fn with_decision(case: &Document<MatchRecord>, decision: &MatchDecision) -> Result<MatchRecord, Problem> {
    case.value.decided(decision.clone()).ok_or_else(|| because("decided-so-already"))
}

fn because(reason: &'static str) -> Problem {
    Problem::because(ProblemType::InvalidTransition, reason)
}
