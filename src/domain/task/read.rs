//! One task of an agency's, open or not: what an event about it leads to.

use super::view::{TaskView, reader_of, view};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::TaskRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::facts::Subject;

/// `GET /tasks/{id}`.
pub struct ReadTask {
    /// What the agency calls it.
    pub id: Handle,
    /// Knows the time and the directory.
    pub journal: Journal,
}

impl Disclosure for ReadTask {
    type Action = TaskRead;
    type View = TaskView;

    fn subject(&self) -> Subject {
        Subject::Many
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<TaskRead>,
    ) -> Result<Sealed<TaskView>, Rejection> {
        let principal = worker(call)?;
        let task = tx.task_read(permit, &principal.agency, self.id)?.ok_or_else(no_such_task)?;
        Ok(task.beside(reader_of(tx, principal, &self.journal)).view(|(task, reader)| view(task, reader)))
    }
}

/// Another agency's, or nobody's.
pub(super) fn no_such_task() -> Problem {
    Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-task")
}
