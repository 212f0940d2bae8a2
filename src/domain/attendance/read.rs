//! Reading whether somebody came: who is told, and who told it.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{AttendanceRecord, KeptHow};
use crate::domain::fault::to_the_minute;
use crate::domain::minute::Minute;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::AttendanceHear;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /attendance/{id}`.
pub struct ReadAttendance(pub Handle);

/// Whether somebody came, and nothing of what was done there.
#[derive(Debug, Serialize, ToSchema)]
pub struct HeardView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// When the appointment was, civil time.
    pub appointment_at: Minute,
    /// How it was kept.
    pub kept: KeptHow,
    /// Who told it.
    #[schema(value_type = String)]
    pub from: AgencyId,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub told_at: Timestamp,
}

impl Disclosure for ReadAttendance {
    type Action = AttendanceHear;
    type View = HeardView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Attendance, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<AttendanceHear>,
    ) -> Result<Sealed<HeardView>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("an attendance without a record"))?;
        let attendance = tx.document_read::<_, AttendanceRecord>(permit, &principal.agency, record)?;
        Ok(attendance.beside((self.0, target.client_ref)).view(shown))
    }
}

fn shown((document, (id, client_ref)): &(Document<AttendanceRecord>, (Handle, Option<Handle>))) -> HeardView {
    let attendance = &document.value;
    HeardView {
        id: *id,
        client_ref: *client_ref,
        appointment_at: attendance.appointment_at,
        kept: attendance.kept,
        from: attendance.by.0.clone(),
        told_at: to_the_minute(attendance.at),
    }
}
