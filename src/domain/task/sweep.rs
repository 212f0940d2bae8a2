//! What the gateway does by itself with tasks that nobody did in time: tells the deputy, then the team manager, each once.

use serde::Serialize;

use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::SystemSweep;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;

/// How many tasks one step raises at most, so that nobody waits long for it.
const PAGE: i64 = 100;

/// Raises the tasks whose time has come. Another gateway may do so at the same moment: only what is still on the level on which it
/// was found is raised, and only then its agency is told.
pub struct SweepTasks;

/// How many were found.
#[derive(Debug, Serialize)]
pub struct Swept {
    found: usize,
}

impl Command for SweepTasks {
    type Action = SystemSweep;
    type Acknowledgement = Swept;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<SystemSweep>,
        changes: &mut Changes,
    ) -> Result<Accepted<Swept>, Rejection> {
        let raising = tx.tasks_to_raise(permit, changes.now(), PAGE)?;
        for (id, agency, level) in &raising {
            changes.task_raise(agency, *id, *level);
        }
        let found = raising.len();
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: Swept { found } })
    }
}
