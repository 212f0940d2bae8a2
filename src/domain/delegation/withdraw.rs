//! Taking a follow-up back from the project: the team holds it itself.

use super::answer::{Papers, papers_read, state_of};
use super::codes::DelegationState;
use super::delegate::{DelegationMoved, against};
use super::model::{DelegationRecord, Ended};
use super::telling::{notify, project_of};
use crate::domain::assessment::Setting;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::DelegationWrite;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// `POST /delegations/{id}/withdrawal`.
pub struct WithdrawDelegation {
    /// What the team calls it.
    pub id: Handle,
    /// What there is besides.
    pub setting: Setting,
}

impl Command for WithdrawDelegation {
    type Action = DelegationWrite;
    type Acknowledgement = DelegationMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Delegation, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DelegationWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<DelegationMoved>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let team = &principal.agency;
        let record = target.record.ok_or(Error::Corrupt("a delegation without a record"))?;
        let papers = papers_read(tx, permit, team, (record, target.person))?;
        require_version(call, &papers)?;
        let next = papers
            .revise(&(principal.worker.clone(), changes.now()), after)
            .map_err(|code| against(vec![code]))?;
        let version = tx.next_version(record, Kind::Delegation, target.person, team)?;
        changes.document_put(tx, &version, &next)?;
        let directory = self.setting.journal.directory();
        let agencies: Vec<AgencyId> = directory.iter().map(|agency| agency.id.clone()).collect();
        let project = project_of(&next, &agencies)?;
        notify(tx, changes, &version, &project)?;
        changes.task_lapse(&project, TaskKind::HoldFollowUp, record);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(team, record, version.version)),
            acknowledgement: DelegationMoved { id: self.id },
        })
    }
}

fn after(papers: &Papers, (by, at): &(WorkerId, jiff::Timestamp)) -> Result<DelegationRecord, &'static str> {
    match state_of(papers) {
        DelegationState::Awaited => {
            let ended = Some(Ended { given_back: false, by: by.clone(), at: *at });
            Ok(DelegationRecord { ended, ..papers.0.value.clone() })
        }
        state @ (DelegationState::Told
        | DelegationState::Withdrawn
        | DelegationState::GivenBack
        | DelegationState::Lapsed) => Err(state.code()),
    }
}
