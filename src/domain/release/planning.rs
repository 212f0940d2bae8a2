//! Writing a release plan for one's own client, and changing it until the person has been seen.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::calling_off::CallOff;
use super::gate::{ReceiverView, ReleaseWarning, receiver, warnings};
use super::plan::{InvalidReleaseStep, ReleasePlanRecord, ReleasePlanned, ReleaseState};
use crate::calendar::Calendar;
use crate::directory::Agency;
use crate::domain::fault::FieldFault;
use crate::domain::task::Kept;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::ReleaseWrite;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::Due;

/// `POST /clients/{ref}/release-plans`.
pub struct PlanRelease {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The plan.
    pub planned: ReleasePlanned,
    /// Working days and civil time.
    pub calendar: Arc<Calendar>,
    /// Whose directory says who receives.
    pub journal: Journal,
}

/// `PUT /release-plans/{id}`.
pub struct RevisePlan {
    /// What the agency calls the plan.
    pub id: Handle,
    /// What is planned now.
    pub planned: ReleasePlanned,
    /// Working days and civil time.
    pub calendar: Arc<Calendar>,
    /// Whose directory says who receives.
    pub journal: Journal,
}

/// The plan is on record; before anybody leaves the desk, what may go wrong.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReleaseWritten {
    /// What the agency calls the plan.
    pub id: Handle,
    /// Who receives the person, and whether it is open then.
    pub receiver: ReceiverView,
    /// What may go wrong.
    pub warnings: Vec<ReleaseWarning>,
}

impl Command for PlanRelease {
    type Action = ReleaseWrite;
    type Acknowledgement = ReleaseWritten;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReleaseWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<ReleaseWritten>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let receives = checked(&self.planned, agency, &self.journal)?;
        let own = tx.handles_of_person(agency, Kind::ReleasePlan, person)?;
        let own = own.iter().map(|listed| RecordId::from_bytes(listed.target));
        tx.documents_listed::<_, ReleasePlanRecord>(permit, own)?.judge(&(), none_is_open)?;
        let plan = self.planned.clone().into_record(principal.worker.clone(), changes.now());
        let version = NewVersion::first(Kind::ReleasePlan, person, agency);
        changes.document_put_sent(tx, &version, &plan)?;
        let id = changes.own_handle(tx, &version)?;
        let kept = Kept { agency, version: &version, subject: format!("/v1/release-plans/{id}") };
        kept.tasks(tx, changes, (&[], &plan.dues(&self.calendar)), |_| false)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/release-plans/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: ReleaseWritten {
                id,
                receiver: receiver(&self.planned, &receives, &self.calendar),
                warnings: warnings(&self.planned, &receives, &self.calendar, changes.now(), false),
            },
        })
    }
}

impl Command for RevisePlan {
    type Action = ReleaseWrite;
    type Acknowledgement = ReleaseWritten;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::ReleasePlan, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReleaseWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<ReleaseWritten>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a release plan without a record"))?;
        let current = tx.document_read::<_, ReleasePlanRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let receives = checked(&self.planned, agency, &self.journal)?;
        let next = current.revise(&self.planned, revised)?;
        let version = tx.next_version(record, Kind::ReleasePlan, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        let kept = Kept { agency, version: &version, subject: format!("/v1/release-plans/{}", self.id) };
        let dues = (current.dues(&self.calendar, dues_read), next.dues(&self.calendar, dues_next));
        kept.tasks(tx, changes, (&dues.0, &dues.1), |_| false)?;
        // Whoever agreed to be at the gate agreed to that day and hour.
        if current.judge(&self.planned, is_at_the_same_gate).is_err() {
            let reason = "The release was moved; you will be asked again.";
            let off = CallOff { person: target.person, home: agency, plan: Some(record), reason };
            off.carry_out(tx, permit, changes)?;
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: ReleaseWritten {
                id: self.id,
                receiver: receiver(&self.planned, &receives, &self.calendar),
                warnings: warnings(&self.planned, &receives, &self.calendar, changes.now(), false),
            },
        })
    }
}

/// As a rule on a plan that was read.
pub(super) fn dues_read(plan: &Document<ReleasePlanRecord>, calendar: &Arc<Calendar>) -> Vec<Due> {
    plan.value.dues(calendar)
}

/// As a rule on the next version of a plan.
pub(super) fn dues_next(plan: &ReleasePlanRecord, calendar: &Arc<Calendar>) -> Vec<Due> {
    plan.dues(calendar)
}

/// What a plan breaks, as the sender is told it.
pub(super) fn unprocessable(faults: Vec<FieldFault>) -> Problem {
    Problem::fields(ProblemType::UnprocessableDocument, faults.into_iter().map(Into::into).collect())
}

/// What the caller is told when a plan is not changed.
pub(super) fn problem_of(invalid: InvalidReleaseStep, plan: &ReleasePlanRecord) -> Problem {
    match invalid {
        InvalidReleaseStep::NotFromHere => Problem::fields(
            ProblemType::InvalidTransition,
            plan.possible()
                .map(|step| FieldProblem::new("step", step.code(), "is possible from the present state"))
                .collect(),
        ),
        InvalidReleaseStep::Fault(fault) => unprocessable(vec![fault]),
    }
}

/// Checks a plan, and finds who receives by it.
fn checked(planned: &ReleasePlanned, own: &AgencyId, journal: &Journal) -> Result<Arc<Agency>, Problem> {
    planned.check().map_err(unprocessable)?;
    let directory = journal.directory();
    let receives = directory.agency(planned.receiver.as_ref().unwrap_or(own)).cloned();
    receives.ok_or_else(|| {
        unprocessable(vec![FieldFault { field: "receiver", rule: "must be an agency of the directory" }])
    })
}

fn revised(
    plan: &Document<ReleasePlanRecord>,
    planned: &ReleasePlanned,
) -> Result<ReleasePlanRecord, Problem> {
    plan.value.revised(planned).map_err(|invalid| problem_of(invalid, &plan.value))
}

fn is_at_the_same_gate(plan: &Document<ReleasePlanRecord>, planned: &ReleasePlanned) -> Result<(), ()> {
    let before = &plan.value.planned;
    let same = (before.release_on, before.gate_at, &before.prison, before.pick_up_wanted)
        == (planned.release_on, planned.gate_at, &planned.prison, planned.pick_up_wanted);
    if same { Ok(()) } else { Err(()) }
}

/// One plan at a time: the next one follows when the person has been seen, or there is no release. Who was released and not seen does
/// not stand against the next time.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn none_is_open(own: &Vec<Document<ReleasePlanRecord>>, (): &()) -> Result<(), Problem> {
    if own.iter().any(|plan| plan.value.state == ReleaseState::Planned) {
        return Err(Problem::new(ProblemType::DuplicateCaseload));
    }
    Ok(())
}
