//! Another case worker for the partner: whoever is case manager of the one is refused as case manager of the other.

use crate::domain::caseload::model::{EpisodeRecord, EpisodeState};
use crate::id::{AgencyId, PersonId, WorkerId};
use crate::journal::disclosure::Rejection;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::record::{Document, Kind};

/// Refuses this worker as case manager of a person whose partner the same worker manages at the agency. Nothing else of the partner comes out,
/// and what is decided rests on the partner's record, too.
///
/// # Errors
/// That refusal, or when the store fails.
pub(in crate::domain) fn refuse_same_worker<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    agency: &AgencyId,
    (person, worker): (PersonId, &WorkerId),
) -> Result<(), Rejection> {
    for partner in tx.partners_of(permit, agency, person)? {
        changes.rest_on(tx.cluster_of(partner)?.epochs());
        let managed_by = (agency.clone(), worker.clone());
        tx.documents_of_person::<_, EpisodeRecord>(permit, partner, Kind::Episode)?
            .judge(&managed_by, is_another_worker)
            .map_err(|()| same_worker())?;
    }
    Ok(())
}

/// As the caller is told.
pub(super) fn same_worker() -> Problem {
    let message = "works with somebody linked to this person: it must be another worker";
    let errors = vec![FieldProblem::new("case_manager", "linked-support", message)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, "linked-support") }
}

#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_another_worker(
    episodes: &Vec<Document<EpisodeRecord>>,
    (agency, worker): &(AgencyId, WorkerId),
) -> Result<(), ()> {
    let is_same = episodes.iter().any(|episode| manages(&episode.value, agency, worker));
    if is_same { Err(()) } else { Ok(()) }
}

fn manages(episode: &EpisodeRecord, agency: &AgencyId, worker: &WorkerId) -> bool {
    episode.agency == *agency
        && episode.state != EpisodeState::Closed
        && episode.case_manager.as_ref() == Some(worker)
}

/// The open episodes of the two, side by side.
pub(super) type Both = (Vec<Document<EpisodeRecord>>, Vec<Document<EpisodeRecord>>);

/// Whether no worker manages both.
pub(super) fn are_apart((hers, his): &Both, agency: &AgencyId) -> Result<(), ()> {
    let managers =
        hers.iter().filter_map(|episode| episode.value.case_manager.as_ref().map(|it| (episode, it)));
    let mut both = managers
        .filter(|(episode, worker)| manages(&episode.value, agency, worker))
        .filter(|(_, worker)| his.iter().any(|other| manages(&other.value, agency, worker)));
    if both.next().is_some() { Err(()) } else { Ok(()) }
}
