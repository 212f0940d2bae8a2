//! The named worker says that a result was read, which ends the task.

use super::model::ResultRecord;
use super::read::is_for;
use super::send::Sent;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::ResultRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// `POST /test-results/{id}/acknowledgement`.
pub struct AcknowledgeResult(pub Handle);

impl Command for AcknowledgeResult {
    type Action = ResultRead;
    type Acknowledgement = Sent;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::TestResult, self.0)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ResultRead>,
        changes: &mut Changes,
    ) -> Result<Accepted<Sent>, Rejection> {
        let principal = worker(call)?;
        let record = target_of(permit)?.record.ok_or(Error::Corrupt("a result without a record"))?;
        tx.document_read::<_, ResultRecord>(permit, &principal.agency, record)?
            .judge(&(principal.agency.clone(), principal.worker.clone()), is_to_read_it)?;
        changes.task_done(&principal.agency, TaskKind::ReadTestResult, record);
        let acknowledgement = Sent { id: self.0 };
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement })
    }
}

/// Who communicated it has nothing to note.
fn is_to_read_it(result: &Document<ResultRecord>, who: &(AgencyId, WorkerId)) -> Result<(), Problem> {
    is_for(result, who)?;
    if result.value.to == *who {
        return Ok(());
    }
    Err(Problem::because(ProblemType::InvalidTransition, "not-recipient"))
}
