//! Proposing a joint visit: the person has agreed before, or nothing is said, and nothing is stored.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{TOLD, VisitKind, VisitRecord, VisitState, WhenAndWhere, Who};
use crate::calendar::Calendar;
use crate::directory::AgencyStatus;
use crate::domain::agreed::{Passing, consent_required, may_pass};
use crate::domain::minute::Minute;
use crate::domain::task::Halfway;
use crate::domain::validation::{clean_line, plausible_minute};
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::VisitPropose;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, DutyRole, EventType, Purpose, Segment, TaskKind};

/// Within how many working days the officer answers, unless the visit is before that (our default).
const WORKING_DAYS: u32 = 1;

/// A joint visit as it is proposed. There is no place for why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitProposed {
    /// The police.
    #[schema(value_type = String)]
    pub police: AgencyId,
    /// What is proposed.
    pub kind: VisitKind,
    /// The name to call the person by.
    #[validate(custom(function = "clean_line"))]
    pub name: String,
    /// When, civil time.
    #[validate(custom(function = "plausible_minute"))]
    pub on: Minute,
    /// Where the two meet first. Not where the person lives.
    #[validate(custom(function = "clean_line"))]
    pub meet_at: String,
}

/// `POST /clients/{ref}/joint-visits`.
pub struct ProposeVisit {
    /// The team's own reference for the person.
    pub client_ref: Handle,
    /// What is proposed.
    pub proposed: VisitProposed,
    /// Knows the directory.
    pub journal: Journal,
    /// The working days.
    pub calendar: Arc<Calendar>,
}

/// It is proposed, answered or called off.
#[derive(Debug, Serialize, ToSchema)]
pub struct VisitMoved {
    /// What the caller calls it.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for ProposeVisit {
    type Action = VisitPropose;
    type Acknowledgement = VisitMoved;
    // Whether the police know the person already must not show in its time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<VisitPropose>,
        changes: &mut Changes,
    ) -> Result<Accepted<VisitMoved>, Rejection> {
        let principal = worker(call)?;
        let (agency, person, now) = (&principal.agency, target_of(permit)?.person, changes.now());
        self.check(Minute::of(self.calendar.civil(now)))?;
        let VisitProposed { police, kind, name, on, meet_at } = self.proposed.clone();
        let passing = Passing {
            from: agency.clone(),
            to: police.clone(),
            purpose: Purpose::CourtOrStatutory,
            what: TOLD,
            now,
            today: self.calendar.date_of(now),
        };
        tx.documents_of_person(permit, person, Kind::Consent)?
            .judge(&passing, may_pass)
            .map_err(|()| consent_required("police"))?;
        let version = NewVersion::first(Kind::JointVisit, person, agency);
        let by = (agency.clone(), principal.worker.clone());
        let visit = VisitRecord { by, police, at: now, on, state: VisitState::Proposed };
        changes.document_put_sent(tx, &version, &visit)?;
        changes.segment_put_sent(tx, &version, Segment::Identity, &written(&Who { name })?)?;
        let when = written(&WhenAndWhere { kind, on, meet_at })?;
        changes.segment_put_sent(tx, &version, Segment::Attendance, &when)?;
        let id = changes.own_handle(tx, &version)?;
        self.tell(tx, changes, &version)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/joint-visits/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: VisitMoved { id },
        })
    }
}

impl ProposeVisit {
    fn check(&self, now: Minute) -> Result<(), Problem> {
        let wrong = |field: &'static str, code, message: &'static str| {
            Err(Problem::field(ProblemType::UnprocessableDocument, field, code, message))
        };
        if self.proposed.on < now {
            return wrong("on", "rule", "must not be in the past");
        }
        let directory = self.journal.directory();
        let police = directory.agency(&self.proposed.police);
        let takes_part = police
            .is_some_and(|it| it.status == AgencyStatus::Active && it.agency_type == AgencyType::Police);
        if takes_part { Ok(()) } else { wrong("police", "unknown-agency", "must be active police") }
    }

    /// The police learn of it by a name of their own, and answer within a working day, or before the visit.
    fn tell(&self, tx: &mut Snapshot<'_>, changes: &mut Changes, version: &NewVersion) -> Result<(), Error> {
        let (police, person) = (&self.proposed.police, version.person);
        changes.client_make_known(tx, police, person)?;
        let subject = format!("/v1/joint-visits/{}", changes.handle_new(police, version));
        changes.notify(police, EventType::JointVisitChanged, subject.clone());
        let today = self.calendar.date_of(changes.now());
        let answered_by = self.calendar.end_of(self.calendar.add_working_days(today, WORKING_DAYS));
        let on = self.proposed.on.as_datetime();
        let due_at = answered_by.min(self.calendar.moment(on.date(), on.time()));
        let (lies_with, kind) = ((police, DutyRole::Custody), TaskKind::AnswerJointVisit);
        Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, version);
        Ok(())
    }
}

fn written<T: Serialize>(part: &T) -> Result<zeroize::Zeroizing<Vec<u8>>, Error> {
    let json = serde_json::to_vec(part).map_err(|_| Error::Corrupt("a visit does not serialise"))?;
    Ok(zeroize::Zeroizing::new(json))
}
