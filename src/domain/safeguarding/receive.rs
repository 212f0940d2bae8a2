//! Children's services say that a concern has come in, on the version that was read.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::{ConcernRecord, NotTaken, Received};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::ConcernReceive;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// `POST /concerns/{id}/receipt`.
pub struct ReceiveConcern(pub Handle);

/// It came in, or was reviewed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConcernMoved {
    /// What the agency calls the concern.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for ReceiveConcern {
    type Action = ConcernReceive;
    type Acknowledgement = ConcernMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Concern, self.0)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConcernReceive>,
        changes: &mut Changes,
    ) -> Result<Accepted<ConcernMoved>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let (agency, sender) = (&principal.agency, &target.custodian);
        let record = target.record.ok_or(Error::Corrupt("a concern without a record"))?;
        let current = tx.document_read::<_, ConcernRecord>(permit, agency, record)?;
        current.judge(&(), still_stands)?;
        require_version(call, &current)?;
        let received = Received { by: principal.worker.clone(), at: changes.now() };
        let next = current.revise(&received, after).map_err(not_taken)?;
        let version = tx.next_version(record, Kind::Concern, target.person, sender)?;
        changes.document_put(tx, &version, &next)?;
        changes.segments_carry(tx, &version)?;
        changes.task_done(agency, TaskKind::ReceiveConcern, record);
        changes.task_done(sender, TaskKind::ChaseConcern, record);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: ConcernMoved { id: self.0 },
        })
    }
}

/// What was found wrong to tell is there no more.
fn still_stands(concern: &Document<ConcernRecord>, (): &()) -> Result<(), Problem> {
    if concern.value.was_wrong() {
        return Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "found-inappropriate"));
    }
    Ok(())
}

fn after(concern: &Document<ConcernRecord>, received: &Received) -> Result<ConcernRecord, NotTaken> {
    concern.value.received(received.clone())
}

/// Why a step is not taken, as the caller is told it.
pub(super) fn not_taken(why: NotTaken) -> Problem {
    let errors = vec![FieldProblem::new("concern", why.code(), why.words())];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, why.code()) }
}
