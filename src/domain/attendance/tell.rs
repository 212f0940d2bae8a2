//! Telling another service whether somebody came.

use std::sync::Arc;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{AttendanceRecord, Ground, KeptHow};
use crate::calendar::Calendar;
use crate::directory::AgencyStatus;
use crate::domain::agreed::{Passing, consent_required, may_pass};
use crate::domain::minute::Minute;
use crate::domain::referral::summary::Supervision;
use crate::domain::task::Halfway;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::AttendanceTell;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::vocabulary::{AgencyType, DutyRole, EventType, Purpose, Segment, SegmentSet, TaskKind};

/// Within what time the team sees to a missed appointment: that of its outreach (D6), so that this one is not late before it begins.
const SEEN_TO_WITHIN: SignedDuration = SignedDuration::from_hours(24);

/// Whether somebody came, as it is told: when the appointment was, and how it was kept. Not what it was for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AttendanceTold {
    /// The team that placed the appointment, or probation.
    #[schema(value_type = String)]
    pub agency: AgencyId,
    /// When the appointment was, civil time.
    pub appointment_at: Minute,
    /// How it was kept.
    pub kept: KeptHow,
    /// To probation: the order or licence that asks the person to come.
    pub order: Option<Supervision>,
}

/// `POST /clients/{ref}/attendance`.
pub struct TellAttendance {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What is told.
    pub told: AttendanceTold,
    /// Knows the directory.
    pub journal: Journal,
    /// Civil time.
    pub calendar: Arc<Calendar>,
}

/// It is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct Told {
    /// What the caller calls it.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for TellAttendance {
    type Action = AttendanceTell;
    type Acknowledgement = Told;
    // Whether the other agency knows the person already must not show in its time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<AttendanceTell>,
        changes: &mut Changes,
    ) -> Result<Accepted<Told>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let AttendanceTold { agency: to, appointment_at, kept, order } = &self.told;
        let ground = self.ground(principal.agency_type)?;
        let now = changes.now();
        self.check(ground, Minute::of(self.calendar.civil(now)))?;
        if ground == Ground::Consent {
            let passing = Passing {
                from: agency.clone(),
                to: to.clone(),
                purpose: Purpose::ContinuityOfCare,
                what: SegmentSet::EMPTY.with(Segment::Attendance),
                now,
                today: self.calendar.date_of(now),
            };
            tx.documents_of_person(permit, person, Kind::Consent)?
                .judge(&passing, may_pass)
                .map_err(|()| consent_required("agency"))?;
        }
        let version = NewVersion::first(Kind::Attendance, person, agency);
        let attendance = AttendanceRecord {
            appointment_at: *appointment_at,
            kept: *kept,
            order: *order,
            by: (agency.clone(), principal.worker.clone()),
            at: now,
            to: to.clone(),
        };
        changes.document_put_sent(tx, &version, &attendance)?;
        let id = changes.own_handle(tx, &version)?;
        changes.client_make_known(tx, to, person)?;
        let theirs = changes.handle_new(to, &version);
        let subject = format!("/v1/attendance/{theirs}");
        changes.notify(to, EventType::AttendanceTold, subject.clone());
        if ground == Ground::Consent && *kept != KeptHow::Kept {
            let (lies_with, kind) = ((to, DutyRole::CaseManagement), TaskKind::SeeToMissedAppointment);
            let due_at = now.saturating_add(SEEN_TO_WITHIN).unwrap_or(now);
            Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, &version);
        }
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/attendance/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: Told { id },
        })
    }
}

impl TellAttendance {
    /// On what it rests that the agency which is named is told: it follows from the two types alone.
    fn ground(&self, from: AgencyType) -> Result<Ground, Problem> {
        let directory = self.journal.directory();
        directory
            .agency(&self.told.agency)
            .filter(|agency| agency.status == AgencyStatus::Active)
            .and_then(|agency| Ground::between(from, agency.agency_type))
            .ok_or_else(|| {
                let message =
                    "must be an active team or probation service that your agency tells of attendance";
                Problem::field(ProblemType::UnprocessableDocument, "agency", "unknown-agency", message)
            })
    }

    fn check(&self, ground: Ground, now: Minute) -> Result<(), Problem> {
        let wrong =
            |field, message| Err(Problem::field(ProblemType::UnprocessableDocument, field, "rule", message));
        if self.told.appointment_at > now {
            return wrong("appointment_at", "must not be in the future");
        }
        match (ground, self.told.order) {
            (Ground::Order, None) => wrong("order", "is required: without one probation is told nothing"),
            (Ground::Consent, Some(_)) => wrong("order", "is for probation alone"),
            _ => Ok(()),
        }
    }
}
