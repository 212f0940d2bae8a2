//! What the project answers: whether the person came and stayed, or that it cannot hold the appointment.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{Came, DelegationState};
use super::delegate::{DelegationMoved, against, passing, told_to_team};
use super::model::{DelegationRecord, Ended, Told};
use super::telling::notify;
use crate::domain::agreed::{consent_required, may_pass};
use crate::domain::assessment::Setting;
use crate::domain::assessment::model::AssessmentRecord;
use crate::domain::fault::FieldFault;
use crate::domain::minute::Minute;
use crate::domain::task::Halfway;
use crate::domain::validation::plausible_minute;
use crate::id::{AgencyId, Handle, RecordId, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::{Action, DelegationAnswer};
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{DutyRole, TaskKind};

/// Whether the person came. Nothing of what was said, and nothing of why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DelegatedAttendanceTold)]
pub struct AttendanceTold {
    /// Whether.
    pub attendance: Came,
    /// When it ended, or was given up.
    #[validate(custom(function = "plausible_minute"))]
    pub at: Minute,
}

/// What the project answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answered {
    /// Whether the person came.
    Attendance(AttendanceTold),
    /// It cannot hold the appointment.
    GiveBack,
}

/// `POST /delegations/{id}/attendance` and `POST /delegations/{id}/return`.
pub struct AnswerDelegation {
    /// What the project calls it.
    pub id: Handle,
    /// The answer.
    pub answered: Answered,
    /// What there is besides.
    pub setting: Setting,
}

/// By what an answer is judged.
struct Taking {
    answered: Answered,
    by: WorkerId,
    now: jiff::Timestamp,
    minute: Minute,
}

/// Why it is not taken.
enum Invalid {
    NotNow(&'static str),
    Guard(FieldFault),
}

impl Command for AnswerDelegation {
    type Action = DelegationAnswer;
    type Acknowledgement = DelegationMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Delegation, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DelegationAnswer>,
        changes: &mut Changes,
    ) -> Result<Accepted<DelegationMoved>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let (project, team) = (&principal.agency, &target.custodian);
        let record = target.record.ok_or(Error::Corrupt("a delegation without a record"))?;
        let papers = papers_read(tx, permit, project, (record, target.person))?;
        require_version(call, &papers)?;
        let calendar = &self.setting.calendar;
        let passing = passing((project, team), told_to_team(), changes.now(), calendar);
        tx.documents_of_person(permit, target.person, Kind::Consent)?
            .judge(&passing, may_pass)
            .map_err(|()| consent_required("delegation"))?;
        let taking = Taking {
            answered: self.answered.clone(),
            by: principal.worker.clone(),
            now: changes.now(),
            minute: Minute::of(calendar.civil(changes.now())),
        };
        let next = papers.revise(&taking, after).map_err(problem_of)?;
        let version = tx.next_version(record, Kind::Delegation, target.person, team)?;
        changes.document_put(tx, &version, &next)?;
        notify(tx, changes, &version, team)?;
        match &self.answered {
            Answered::Attendance(_) => {
                changes.task_done(project, TaskKind::HoldFollowUp, record);
                // The duty is the team's: it records the outcome, and with it the police are told, the same day (rule 3).
                let id = changes.handle_for(tx, team, Kind::Delegation, record.as_bytes(), version.person)?;
                let due_at = calendar.end_of(calendar.date_of(changes.now()));
                let (lies_with, kind) = ((team, DutyRole::Spoc), TaskKind::RecordAttendance);
                let subject = format!("/v1/delegations/{id}");
                Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, &version);
            }
            Answered::GiveBack => changes.task_lapse(project, TaskKind::HoldFollowUp, record),
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(project, record, version.version)),
            acknowledgement: DelegationMoved { id: self.id },
        })
    }
}

/// A delegation, with the person's assessments.
pub(super) type Papers = (Document<DelegationRecord>, Vec<Document<AssessmentRecord>>);

/// Reads them.
pub(super) fn papers_read<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    reader: &AgencyId,
    (record, person): (RecordId, crate::id::PersonId),
) -> Result<Sealed<Papers>, Error> {
    let assessments = tx.documents_of_person(permit, person, Kind::Assessment)?;
    Ok(tx.document_read::<_, DelegationRecord>(permit, reader, record)?.with(assessments))
}

/// Where it stands. Beside an assessment that was erased there is nothing to hold.
pub(super) fn state_of((delegation, assessments): &Papers) -> DelegationState {
    let delegation = &delegation.value;
    let of = assessments.iter().find(|assessment| assessment.record == delegation.assessment);
    of.map_or(DelegationState::Lapsed, |of| delegation.state(&of.value))
}

fn after(papers: &Papers, taking: &Taking) -> Result<DelegationRecord, Invalid> {
    let delegation = &papers.0.value;
    match state_of(papers) {
        DelegationState::Awaited => {}
        state @ (DelegationState::Told
        | DelegationState::Withdrawn
        | DelegationState::GivenBack
        | DelegationState::Lapsed) => return Err(Invalid::NotNow(state.code())),
    }
    let (by, now) = (taking.by.clone(), taking.now);
    match &taking.answered {
        Answered::GiveBack => {
            let ended = Some(Ended { given_back: true, by, at: now });
            Ok(DelegationRecord { ended, ..delegation.clone() })
        }
        Answered::Attendance(AttendanceTold { attendance, at }) => {
            let not_before = if *attendance == Came::DidNotAttend {
                delegation.at <= *at
            } else {
                delegation.at.date() <= at.date()
            };
            for (holds, rule) in [
                (*at <= taking.minute, "must not lie in the future"),
                (not_before, "must not lie before the appointment"),
            ] {
                if !holds {
                    return Err(Invalid::Guard(FieldFault { field: "at", rule }));
                }
            }
            let told = Some(Told { came: *attendance, at: *at, by, recorded_at: now });
            Ok(DelegationRecord { told, ..delegation.clone() })
        }
    }
}

fn problem_of(invalid: Invalid) -> Problem {
    match invalid {
        Invalid::NotNow(code) => against(vec![code]),
        Invalid::Guard(fault) => Problem::fields(ProblemType::UnprocessableDocument, vec![fault.into()]),
    }
}
