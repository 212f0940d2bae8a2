//! The officer says whether to come, and nothing else.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{NotOpen, TOLD, VisitRecord};
use super::propose::VisitMoved;
use crate::calendar::Calendar;
use crate::domain::agreed::{Consents, Passing, may_pass};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::VisitAnswer;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{EventType, Purpose, TaskKind};

/// Whether the officer comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VisitAnswerGiven {
    /// Whether.
    pub comes: bool,
}

/// `POST /joint-visits/{id}/answer`.
pub struct AnswerVisit {
    /// What the police call it.
    pub id: Handle,
    /// Whether the officer comes.
    pub given: VisitAnswerGiven,
    /// Civil time.
    pub calendar: Arc<Calendar>,
}

impl Command for AnswerVisit {
    type Action = VisitAnswer;
    type Acknowledgement = VisitMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::JointVisit, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<VisitAnswer>,
        changes: &mut Changes,
    ) -> Result<Accepted<VisitMoved>, Rejection> {
        let (police, target) = (&worker(call)?.agency, target_of(permit)?);
        let (record, team) =
            (target.record.ok_or(Error::Corrupt("a visit without a record"))?, &target.custodian);
        let current = tx.document_read::<_, VisitRecord>(permit, police, record)?;
        let now = changes.now();
        let passing = Passing {
            from: team.clone(),
            to: police.clone(),
            purpose: Purpose::CourtOrStatutory,
            what: TOLD,
            now,
            today: self.calendar.date_of(now),
        };
        let consents: Sealed<Consents> = tx.documents_of_person(permit, target.person, Kind::Consent)?;
        consents
            .judge(&passing, may_pass)
            .map_err(|()| Problem::because(ProblemType::NotFoundOrNotPermitted, "facts-not-met"))?;
        require_version(call, &current)?;
        let next = current.revise(&self.given.comes, after).map_err(not_open)?;
        let version = tx.next_version(record, Kind::JointVisit, target.person, team)?;
        changes.document_put(tx, &version, &next)?;
        changes.segments_carry(tx, &version)?;
        changes.task_done(police, TaskKind::AnswerJointVisit, record);
        let theirs = changes.own_handle(tx, &version)?;
        changes.notify(team, EventType::JointVisitChanged, format!("/v1/joint-visits/{theirs}"));
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(police, record, version.version)),
            acknowledgement: VisitMoved { id: self.id },
        })
    }
}

fn after(visit: &Document<VisitRecord>, comes: &bool) -> Result<VisitRecord, NotOpen> {
    visit.value.answered(*comes)
}

pub(super) fn not_open(NotOpen: NotOpen) -> Problem {
    let (code, message) = ("not-open", "there is nothing to say any more about this visit");
    let errors = vec![FieldProblem::new("joint_visit", code, message)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, code) }
}
