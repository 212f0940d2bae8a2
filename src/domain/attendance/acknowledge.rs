//! The team says that it saw to a missed appointment, which ends the task.

use super::model::AttendanceRecord;
use super::tell::Told;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::AttendanceHear;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// `POST /attendance/{id}/acknowledgement`.
pub struct AcknowledgeAttendance(pub Handle);

impl Command for AcknowledgeAttendance {
    type Action = AttendanceHear;
    type Acknowledgement = Told;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Attendance, self.0)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<AttendanceHear>,
        changes: &mut Changes,
    ) -> Result<Accepted<Told>, Rejection> {
        let agency = &worker(call)?.agency;
        let record = target_of(permit)?.record.ok_or(Error::Corrupt("an attendance without a record"))?;
        tx.document_read::<_, AttendanceRecord>(permit, agency, record)?.judge(agency, is_told)?;
        changes.task_done(agency, TaskKind::SeeToMissedAppointment, record);
        let acknowledgement = Told { id: self.0 };
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement })
    }
}

/// Who told it reads it, and has nothing to see to.
fn is_told(attendance: &Document<AttendanceRecord>, agency: &AgencyId) -> Result<(), Problem> {
    if attendance.value.to == *agency {
        return Ok(());
    }
    Err(Problem::because(ProblemType::InvalidTransition, "not-recipient"))
}
