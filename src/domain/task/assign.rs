//! Giving a task to somebody else: one, or in one act everything that a leaver holds, contact flags included.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::read::no_such_task;
use crate::id::{Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::TaskAssign;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::task::Reassigned;
use crate::store::task_read::StoredTask;
use crate::vocabulary::{EventType, TaskState};

/// To whom a task goes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TaskReassigned {
    /// The worker who holds it from now on; left out, it lies with whoever is on duty.
    pub to: Option<WorkerId>,
    /// Whether all open tasks and contact flags of the worker who holds this one go along: she leaves, or is away.
    #[serde(default)]
    pub everything_of_holder: bool,
    /// Why, without anybody's name.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: String,
}

/// `POST /tasks/{id}/reassignment`.
pub struct ReassignTask {
    /// What the agency calls the task.
    pub id: Handle,
    /// To whom it goes.
    pub reassigned: TaskReassigned,
}

/// The task lies with somebody else.
#[derive(Debug, Serialize, ToSchema)]
pub struct TaskMoved {
    /// What the agency calls the task.
    pub id: Handle,
}

impl Command for ReassignTask {
    type Action = TaskAssign;
    type Acknowledgement = TaskMoved;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<TaskAssign>,
        changes: &mut Changes,
    ) -> Result<Accepted<TaskMoved>, Rejection> {
        let agency = &worker(call)?.agency;
        let TaskReassigned { to, everything_of_holder, .. } = &self.reassigned;
        let task = tx.task_read(permit, agency, self.id)?.ok_or_else(no_such_task)?;
        task.judge(everything_of_holder, may_go)?;
        let which = if *everything_of_holder {
            tx.task_holder_of(agency, self.id)?.map(Reassigned::HeldBy)
        } else {
            None
        };
        let to = to.as_ref().map(|worker| tx.task_holder(agency, worker));
        changes.task_reassign(agency, which.unwrap_or(Reassigned::One(self.id)), to);
        changes.notify(agency, EventType::TaskReassigned, format!("/v1/tasks/{}", self.id));
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: TaskMoved { id: self.id } })
    }
}

fn may_go(task: &StoredTask, everything_of_holder: &bool) -> Result<(), Problem> {
    if task.state != TaskState::Open {
        return Err(Problem::because(ProblemType::InvalidTransition, "task-not-open"));
    }
    if *everything_of_holder && task.holder.is_none() {
        return Err(Problem::field(
            ProblemType::UnprocessableDocument,
            "everything_of_holder",
            "rule",
            "must be false where the task lies with no one worker",
        ));
    }
    Ok(())
}
