//! Closing what was opened, before its hour is over: by the worker who opened it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{BreakGlassRecord, NotTaken};
use crate::id::{AgencyId, Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::BreakGlassEnd;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// `POST /break-glass/{id}/end`.
pub struct EndBreakGlass(pub Handle);

/// It is closed.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakGlassEnded {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
}

/// Who closes it, and when.
type Closer = (AgencyId, WorkerId, Timestamp);

impl Command for EndBreakGlass {
    type Action = BreakGlassEnd;
    type Acknowledgement = BreakGlassEnded;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::BreakGlass, self.0)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<BreakGlassEnd>,
        changes: &mut Changes,
    ) -> Result<Accepted<BreakGlassEnded>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let agency = &principal.agency;
        let record = target.record.ok_or(Error::Corrupt("a broken glass without a record"))?;
        let current = tx.document_read::<_, BreakGlassRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let closer = (agency.clone(), principal.worker.clone(), changes.now());
        let next = current.revise(&closer, after).map_err(not_taken)?;
        let version = tx.next_version(record, Kind::BreakGlass, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        changes.task_done(agency, TaskKind::EndBreakGlass, record);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: BreakGlassEnded { id: self.0 },
        })
    }
}

fn after(
    current: &Document<BreakGlassRecord>,
    (agency, worker, now): &Closer,
) -> Result<BreakGlassRecord, NotTaken> {
    if (&current.value.by.0, &current.value.by.1) != (agency, worker) {
        return Err(NotTaken::AnotherWorkers);
    }
    current.value.ended(*now)
}

/// Why a step is not taken, as the caller is told it.
pub(super) fn not_taken(why: NotTaken) -> Problem {
    let errors = vec![FieldProblem::new("break_glass", why.code(), why.words())];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, why.code()) }
}
