//! What becomes of a release: the person left, came to the first appointment or did not, or there is no release.

use std::sync::Arc;

use jiff::civil::Date;

use super::calling_off::CallOff;
use super::plan::{ReleasePlanRecord, ReleaseStep, ReleaseStepTaken};
use super::planning::{dues_next, dues_read, problem_of};
use crate::calendar::Calendar;
use crate::domain::task::Kept;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::policy::action::ReleaseWrite;
use crate::policy::permit::Permit;
use crate::problem::Problem;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// `POST /release-plans/{id}/{step}`.
pub struct StepRelease {
    /// What the agency calls the plan.
    pub id: Handle,
    /// The step.
    pub step: ReleaseStep,
    /// What goes with it.
    pub taken: ReleaseStepTaken,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// The step is taken.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub struct ReleaseStepped {
    /// What the agency calls the plan.
    pub id: Handle,
}

struct Taking {
    step: ReleaseStep,
    taken: ReleaseStepTaken,
    today: Date,
}

impl Command for StepRelease {
    type Action = ReleaseWrite;
    type Acknowledgement = ReleaseStepped;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::ReleasePlan, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReleaseWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<ReleaseStepped>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a release plan without a record"))?;
        let current = tx.document_read::<_, ReleasePlanRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let today = self.calendar.date_of(changes.now());
        let taking = Taking { step: self.step, taken: self.taken.clone(), today };
        let next = current.revise(&taking, after)?;
        let version = tx.next_version(record, Kind::ReleasePlan, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        let kept = Kept { agency, version: &version, subject: format!("/v1/release-plans/{}", self.id) };
        let dues = (current.dues(&self.calendar, dues_read), next.dues(&self.calendar, dues_next));
        let step = self.step;
        kept.tasks(tx, changes, (&dues.0, &dues.1), |kind| does(step, kind))?;
        if step == ReleaseStep::Cancel {
            let reason = "There is no release.";
            let off = CallOff { person: target.person, home: agency, plan: Some(record), reason };
            off.carry_out(tx, permit, changes)?;
        }
        Ok(Accepted {
            status: 200,
            location: Some(format!("/v1/release-plans/{}", self.id)),
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: ReleaseStepped { id: self.id },
        })
    }
}

const fn does(step: ReleaseStep, kind: TaskKind) -> bool {
    matches!(
        (step, kind),
        (ReleaseStep::NoteRelease, TaskKind::PrepareRelease)
            | (ReleaseStep::NoteAttended, TaskKind::SeeAfterRelease)
    )
}

fn after(plan: &Document<ReleasePlanRecord>, taking: &Taking) -> Result<ReleasePlanRecord, Problem> {
    plan.value
        .stepped(taking.step, &taking.taken, taking.today)
        .map_err(|invalid| problem_of(invalid, &plan.value))
}
