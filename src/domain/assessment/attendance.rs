//! What police learn of an assessment: whether the person came and stayed (rules 3 and 4). Never why not, and never what was said.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{AppointmentKind, AttendanceOutcome};
use super::model::{Appointment, AssessmentRecord, Standing};
use crate::domain::dir::contact_codes::Pathway;
use crate::domain::minute::Minute;
use crate::id::{Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::AttendanceRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /assessments/{id}/attendance`.
pub struct ReadAttendance(pub Handle);

crate::code_list! {
    /// Whether somebody came.
    pub enum Attendance {
        /// It is to come.
        Awaited = "awaited",
        AttendedAndRemained = "attended-and-remained",
        /// Was not there.
        FailedToAttend = "failed-to-attend",
        /// Left early, or refused to take part.
        FailedToRemain = "failed-to-remain",
        /// There was a good cause. Which, is not told.
        Excused = "excused",
        /// The service, or both sides, took it back.
        Cancelled = "cancelled",
    }
}

/// Whether the person came, appointment by appointment.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceView {
    /// What the reader calls the assessment.
    #[schema(value_type = String)]
    pub id: Handle,
    /// The appointments, oldest first.
    pub appointments: Vec<AttendanceLine>,
    /// Whether the person declined to be assessed, where nobody had to come. That is no offence.
    pub declined: bool,
}

/// One appointment.
#[derive(Debug, Serialize, ToSchema)]
pub struct AttendanceLine {
    /// Which.
    pub appointment: AppointmentKind,
    /// When it was to be.
    pub at: Minute,
    /// Whether the person came.
    pub attendance: Attendance,
}

impl Disclosure for ReadAttendance {
    type Action = AttendanceRead;
    type View = AttendanceView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Assessment, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<AttendanceRead>,
    ) -> Result<Sealed<AttendanceView>, Rejection> {
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("an assessment without a record"))?;
        let assessments =
            tx.documents_of_person::<_, AssessmentRecord>(permit, target.person, Kind::Assessment)?;
        Ok(assessments.beside((record, self.0)).try_view(told)?)
    }
}

type Read = (Vec<Document<AssessmentRecord>>, (RecordId, Handle));

fn told((assessments, (record, id)): &Read) -> Result<AttendanceView, Error> {
    let asked = assessments.iter().find(|document| document.record == *record);
    let asked = asked.ok_or(Error::Corrupt("an assessment that is not its person's"))?;
    // Who need not come was sent to a team that wrote down for itself whether the person came.
    let of = match asked.value.is_required() {
        true => Some(&asked.value),
        false => assessments.iter().rev().find(|it| is_answer(it, asked)).map(|it| &it.value),
    };
    let lines = of.map_or(&[][..], |of| &of.appointments);
    Ok(AttendanceView {
        id: *id,
        appointments: lines.iter().filter_map(line).collect(),
        declined: of.is_some_and(AssessmentRecord::is_declined_after_warning),
    })
}

/// Whether it is what the team to which the police sent the person recorded about it.
fn is_answer(it: &Document<AssessmentRecord>, asked: &Document<AssessmentRecord>) -> bool {
    it.custodian == asked.value.assessor
        && it.value.pathway == Pathway::ProactiveEngagement
        && it.value.identified_at >= asked.value.identified_at
}

fn line(appointment: &Appointment) -> Option<AttendanceLine> {
    let attendance = match &appointment.standing {
        Standing::Moved => return None,
        Standing::Booked => Attendance::Awaited,
        Standing::Cancelled { .. } => Attendance::Cancelled,
        Standing::Recorded { kept } => match kept.outcome {
            AttendanceOutcome::AttendedAndRemained => Attendance::AttendedAndRemained,
            AttendanceOutcome::DidNotAttend => Attendance::FailedToAttend,
            AttendanceOutcome::LeftEarly | AttendanceOutcome::RefusedToEngage => Attendance::FailedToRemain,
            AttendanceOutcome::GoodCause => Attendance::Excused,
        },
    };
    Some(AttendanceLine { appointment: appointment.kind, at: appointment.at, attendance })
}
