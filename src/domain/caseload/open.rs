//! Taking a client onto the caseload: one open episode an agency and person.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::allocating::{Allocating, is_agreed, is_provisional, left_to_us, may_allocate};
use super::dues::dues_of;
use super::elsewhere::{Elsewhere, give_way};
use super::lead::on_opening;
use super::model::{EpisodeOpened, EpisodeRecord, EpisodeState, Part};
use super::states::Origin;
use crate::calendar::Calendar;
use crate::domain::fault::FieldFault;
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::domain::partner::refuse_same_worker;
use crate::domain::task::Kept;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::call::{Call, Caller};
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::EpisodeWrite;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `POST /clients/{ref}/caseload-episodes`.
pub struct OpenEpisode {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The episode.
    pub opened: EpisodeOpened,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// The client is on the caseload.
#[derive(Debug, Serialize, ToSchema)]
pub struct Opened {
    /// What the agency calls the episode.
    pub id: Handle,
    /// Where it stands.
    pub state: EpisodeState,
}

impl Command for OpenEpisode {
    type Action = EpisodeWrite;
    type Acknowledgement = Opened;
    // Flags of others, of which the agency must learn nothing, make a difference in time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<EpisodeWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Opened>, Rejection> {
        let Caller::Worker(principal) = &call.caller else {
            return Err(Error::Corrupt("only a worker can open an episode").into());
        };
        let agency = &principal.agency;
        let person = target_of(permit)?.person;
        self.opened.check(self.calendar.date_of(changes.now())).map_err(|faults| unprocessable(&faults))?;
        let own = tx.handles_of_person(agency, Kind::Episode, person)?;
        let own = own.iter().map(|listed| RecordId::from_bytes(listed.target));
        tx.documents_listed::<_, EpisodeRecord>(permit, own)?.judge(&(), none_is_open)?;

        // What others have rests, like all that is read here, on the epoch of the person: of two who open at once, one is
        // prepared anew and finds the other.
        let elsewhere = Elsewhere::of(tx, permit, agency, person)?;
        let leading = elsewhere.leading.clone();
        let allocating = Allocating::new(agency, changes.now(), elsewhere);
        let checks = tx.documents_of_person(permit, person, Kind::Check)?;
        let has_left_it =
            |leads: &AgencyId| checks.judge(&(allocating.clone(), leads.clone()), left_to_us).is_ok();
        let (leave, lead): (BTreeSet<AgencyId>, BTreeSet<AgencyId>) =
            leading.into_iter().partition(has_left_it);
        if let Some(worker) = &self.opened.case_manager {
            refuse_same_worker(tx, permit, changes, agency, (person, worker))?;
            checks.judge(&allocating, may_allocate)?;
        }
        let provisional = checks.judge(&allocating, is_provisional).is_ok();
        let is_agreed = |holder_leads| checks.judge(&(allocating.clone(), holder_leads), is_agreed).is_ok();
        let holder_leads = [true, false].into_iter().find(|holder_leads| is_agreed(*holder_leads));

        let part = on_opening(!lead.is_empty(), holder_leads);
        if part == Part::Lead {
            give_way(tx, permit, changes, person, &leave)?;
        }

        let version = NewVersion::first(Kind::Episode, person, agency);
        let state = self.opened.state;
        let episode = self.opened.clone().into_record(Origin {
            id: version.record,
            person,
            agency: agency.clone(),
            opened_by: principal.worker.clone(),
            recorded_at: changes.now(),
            part,
            provisional,
        });
        changes.document_put_sent(tx, &version, &episode)?;
        tell_reappearance(tx, permit, changes, person, Reappeared::EpisodeOpened, agency, None)?;
        let id = changes.own_handle(tx, &version)?;
        let kept = Kept { agency, version: &version, subject: format!("/v1/caseload-episodes/{id}") };
        kept.tasks(tx, changes, (&[], &dues_of(&episode, &self.calendar)), |_| false)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/caseload-episodes/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: Opened { id, state },
        })
    }
}

/// What a document breaks, as the sender is told it.
pub(super) fn unprocessable(faults: &[FieldFault]) -> Problem {
    let errors = faults.iter().map(|fault| FieldProblem::new(fault.field, "rule", fault.rule)).collect();
    Problem::fields(ProblemType::UnprocessableDocument, errors)
}

#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn none_is_open(own: &Vec<Document<EpisodeRecord>>, (): &()) -> Result<(), Problem> {
    if own.iter().any(|episode| episode.value.is_open()) {
        return Err(Problem::new(ProblemType::DuplicateCaseload));
    }
    Ok(())
}
