//! What the allocation of a case manager waits for: a caseload check of the agency's own. Nothing else of an episode waits.

use jiff::Timestamp;

use super::check::{Allocation, CheckRecord};
use super::elsewhere::Elsewhere;
use super::model::EpisodeRecord;
use crate::id::AgencyId;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::record::Document;

/// All checks of a person, whoever asked; only verdicts come out.
pub(super) type Checks = Vec<Document<CheckRecord>>;

/// What the checks are judged by.
#[derive(Clone)]
pub(super) struct Allocating {
    pub(super) agency: AgencyId,
    pub(super) now: Timestamp,
    /// The other agencies that have the person now.
    pub(super) elsewhere: Elsewhere,
}

impl Allocating {
    pub(super) fn new(agency: &AgencyId, now: Timestamp, elsewhere: Elsewhere) -> Self {
        Self { agency: agency.clone(), now, elsewhere }
    }

    /// The check that counts: the agency's latest, if it is recent and whoever leads now was asked by it. An uncertain match that
    /// the matching desk has decided meanwhile counts as it did: whoever holds the person by that was not asked yet.
    fn check(&self, checks: &Checks) -> Option<CheckRecord> {
        let Elsewhere { holders, leading, undecided } = &self.elsewhere;
        latest_of(checks, &self.agency)
            .filter(|check| check.counts_at(self.now))
            .filter(|check| leading.iter().all(|agency| check.asked().contains(agency)))
            .map(|check| check.as_decided(*undecided, holders))
    }
}

/// Makes sure that a case manager may be allocated. That a check is out of date is told like that there is none.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
pub(super) fn may_allocate(checks: &Checks, allocating: &Allocating) -> Result<(), Problem> {
    match allocating.check(checks).map(|check| check.allocation(allocating.now)) {
        Some(Allocation::Free | Allocation::Provisional) => Ok(()),
        Some(Allocation::Wait) => Err(waits(
            "caseload-check-awaited",
            "waits for the answers to the caseload check, or for its time to be over; nothing else waits",
        )),
        None => Err(waits(
            "caseload-check-required",
            "a caseload check of this agency must be run first; nothing else waits for it",
        )),
    }
}

/// Whether the allocation is provisional: the time is over and not all have answered.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
pub(super) fn is_provisional(checks: &Checks, allocating: &Allocating) -> Result<(), ()> {
    let check = allocating.check(checks);
    if check.is_some_and(|check| check.allocation(allocating.now) == Allocation::Provisional) {
        Ok(())
    } else {
        Err(())
    }
}

/// Whether by the agency's latest check a holder leads, or the asker: the two that something can be agreed to.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
pub(super) fn is_agreed(checks: &Checks, (allocating, holder_leads): &(Allocating, bool)) -> Result<(), ()> {
    let agreed = allocating.check(checks).and_then(|check| check.holder_leads(&allocating.elsewhere.holders));
    if agreed == Some(*holder_leads) { Ok(()) } else { Err(()) }
}

/// Whether an agency that leads left it to this one, by its answer to the check that counts.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
pub(super) fn left_to_us(checks: &Checks, (allocating, leads): &(Allocating, AgencyId)) -> Result<(), ()> {
    let check = allocating.check(checks);
    let given = check.as_ref().and_then(|check| check.answer_of(leads));
    if given.and_then(|given| given.answer.holder_leads()) == Some(false) { Ok(()) } else { Err(()) }
}

/// Whether the agency may be told which part it has. That tells whether another agency leads, which is what a check asks, so it is
/// told once the agency's own check is settled, or it has itself answered another's: opening an episode must not be a way to
/// ask without a check.
pub(super) fn may_be_told_part(
    checks: &Checks,
    agency: &AgencyId,
    episode: &EpisodeRecord,
    now: Timestamp,
) -> bool {
    let has_answered =
        checks.iter().any(|check| check.value.answer_of(agency).is_some_and(|given| given.answer.holds()));
    let has_asked = latest_of(checks, agency).is_some_and(|check| {
        check.counts_at(episode.recorded_at) && check.allocation(now) != Allocation::Wait
    });
    has_answered || has_asked
}

fn latest_of<'a>(checks: &'a Checks, agency: &AgencyId) -> Option<&'a CheckRecord> {
    checks
        .iter()
        .filter(|check| check.custodian == *agency)
        .map(|check| &check.value)
        .max_by_key(|check| check.asked_at)
}

fn waits(code: &'static str, message: &str) -> Problem {
    let errors = vec![FieldProblem::new("case_manager", code, message)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, code) }
}
