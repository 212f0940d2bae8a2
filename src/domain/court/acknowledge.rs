//! Who is told where somebody goes says that it has come in, which ends the task of both.

use serde::Serialize;
use utoipa::ToSchema;

use super::model::DestinationRecord;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::DestinationRead;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// `POST /destinations/{id}/acknowledgement`.
pub struct AcknowledgeDestination(pub Handle);

/// It is noted.
#[derive(Debug, Serialize, ToSchema)]
pub struct DestinationNoted {
    /// What the caller calls it.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for AcknowledgeDestination {
    type Action = DestinationRead;
    type Acknowledgement = DestinationNoted;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Destination, self.0)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DestinationRead>,
        changes: &mut Changes,
    ) -> Result<Accepted<DestinationNoted>, Rejection> {
        let (agency, target) = (&worker(call)?.agency, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a destination without a record"))?;
        tx.document_read::<_, DestinationRecord>(permit, agency, record)?.judge(agency, is_told)?;
        changes.task_done(agency, TaskKind::ReceiveFromCourt, record);
        changes.task_done(&target.custodian, TaskKind::ChaseDestination, record);
        let acknowledgement = DestinationNoted { id: self.0 };
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement })
    }
}

/// Who told it does not say for others that it has come in.
fn is_told(told: &Document<DestinationRecord>, agency: &AgencyId) -> Result<(), Problem> {
    if told.value.to == *agency {
        return Ok(());
    }
    let (code, message) = ("not-told", "only who was told says that it has come in");
    let errors = vec![FieldProblem::new("destination", code, message)];
    Err(Problem { errors, ..Problem::because(ProblemType::InvalidTransition, code) })
}
