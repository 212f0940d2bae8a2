//! A holder's clinician answers a hospital. The hospital is told at once that there is an answer, and not whose.

use serde::Serialize;
use utoipa::ToSchema;

use super::Setting;
use super::codes::Ground;
use super::model::{Answered, HospitalAnswerGiven, HospitalRecord, NotAwaited};
use super::read::may_be_read;
use crate::domain::agreed::{Passing, consent_required, may_pass};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::HospitalAnswer;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{EventType, Purpose, Segment, SegmentSet, TaskKind};

/// `POST /hospital-notices/{id}/answer`.
pub struct AnswerHospital {
    /// What the holder calls it.
    pub id: Handle,
    /// What it answers.
    pub given: HospitalAnswerGiven,
    /// What there is besides.
    pub setting: Setting,
}

/// It is answered.
#[derive(Debug, Serialize, ToSchema)]
pub struct HospitalAnswered {
    /// What the caller calls it.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for AnswerHospital {
    type Action = HospitalAnswer;
    type Acknowledgement = HospitalAnswered;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::HospitalNotice, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HospitalAnswer>,
        changes: &mut Changes,
    ) -> Result<Accepted<HospitalAnswered>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let (agency, hospital, now) = (&principal.agency, &target.custodian, changes.now());
        let record = target.record.ok_or(Error::Corrupt("a hospital's notice without a record"))?;
        let current = tx.document_read::<_, HospitalRecord>(permit, agency, record)?;
        current.judge(&(agency.clone(), principal.purpose), may_be_read)?;
        let today = self.setting.calendar.date_of(now);
        let passing = Passing {
            from: agency.clone(),
            to: hospital.clone(),
            purpose: Purpose::PrescribingSafety,
            what: SegmentSet::EMPTY.with(Segment::Prescribing),
            now,
            today,
        };
        let consents = tx.documents_of_person(permit, target.person, Kind::Consent)?;
        let by_consent = current.judge(&principal.purpose, is_by_consent).is_ok();
        if by_consent && consents.judge(&passing, may_pass).is_err() {
            return Err(consent_required("prescribes").into());
        }
        let by = (agency.clone(), principal.worker.clone());
        let answered = Answered { by, at: now, given: self.given.clone() };
        let next = current.revise(&answered, after).map_err(not_awaited)?;
        let version = tx.next_version(record, Kind::HospitalNotice, target.person, hospital)?;
        changes.document_put(tx, &version, &next)?;
        changes.task_done(agency, TaskKind::AnswerHospital, record);
        let theirs =
            changes.handle_for(tx, hospital, Kind::HospitalNotice, record.as_bytes(), target.person)?;
        changes.notify(hospital, EventType::HospitalNoticeChanged, format!("/v1/hospital-notices/{theirs}"));
        // No version: it would change when another holder answers, of whom this one is not to know.
        let acknowledgement = HospitalAnswered { id: self.id };
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement })
    }
}

/// Whether the answer rests on her consent: where she was told of by it, and wherever the worker relies on it and not on a danger to life.
fn is_by_consent(notice: &Document<HospitalRecord>, purpose: &Purpose) -> Result<(), ()> {
    let relies = *purpose == Purpose::PrescribingSafety;
    if relies || notice.value.ground == Ground::Consent { Ok(()) } else { Err(()) }
}

fn after(notice: &Document<HospitalRecord>, answered: &Answered) -> Result<HospitalRecord, NotAwaited> {
    notice.value.answered(answered.clone())
}

fn not_awaited(why: NotAwaited) -> Problem {
    let (code, message) = match why {
        NotAwaited::NotTold => ("not-told", "this agency was not told"),
        NotAwaited::AnsweredAlready => {
            ("answered-already", "this agency has answered; ring the ward if it has changed")
        }
    };
    let errors = vec![FieldProblem::new("hospital_notice", code, message)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, code) }
}
