//! The team says that it saw to a missed appointment, which ends the task.

use super::tell::Told;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::AttendanceHear;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
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
        _tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<AttendanceHear>,
        changes: &mut Changes,
    ) -> Result<Accepted<Told>, Rejection> {
        let record = target_of(permit)?.record.ok_or(Error::Corrupt("an attendance without a record"))?;
        changes.task_done(&worker(call)?.agency, TaskKind::SeeToMissedAppointment, record);
        let acknowledgement = Told { id: self.0 };
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement })
    }
}
