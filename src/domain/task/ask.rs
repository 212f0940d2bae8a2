//! Asking an agency, when it is time, for what it owes: a task of a duty of its own, about nobody who is helped.

use serde::Serialize;

use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::SystemSweep;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};

/// What an agency may owe.
pub trait Owed: Send + Sync + 'static {
    /// The task to do it, if it is time and the agency is there. The change says what that rests on.
    ///
    /// # Errors
    /// When the database fails.
    fn task(&self, tx: &mut Snapshot<'_>, changes: &mut Changes) -> Result<Option<NewTask>, Error>;
}

/// Asks for it, as the gateway does by itself. Asked a second time, it is the same task that waits.
pub struct AskFor<O>(pub O);

/// Whether it was time.
#[derive(Debug, Serialize)]
pub struct Asked {
    asked: bool,
}

impl<O: Owed> Command for AskFor<O> {
    type Action = SystemSweep;
    type Acknowledgement = Asked;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<SystemSweep>,
        changes: &mut Changes,
    ) -> Result<Accepted<Asked>, Rejection> {
        let task = self.0.task(tx, changes)?;
        let asked = task.is_some();
        if let Some(task) = task {
            changes.task_put(task);
        }
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: Asked { asked } })
    }
}
