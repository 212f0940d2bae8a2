//! What the gateway does by itself with tasks that nobody did in time: tells the deputy, then the team manager, each once.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::SystemSweep;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;

/// How many tasks one step raises at most: enough that a day's are done within seconds, and so few that whoever asks meanwhile does
/// not notice the step that they wait for.
const PAGE: i64 = 500;

/// Raises the tasks whose time has come. Another gateway may do so at the same moment: only what is still on the level on which it
/// was found is raised, and only then its agency is told.
#[derive(Clone, Copy)]
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
        let found = raising.len();
        let mut steps: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for task in raising {
            steps.entry((task.from, task.to)).or_default().push((task.id, task.agency));
        }
        for (step, tasks) in steps {
            changes.tasks_raise(step, tasks);
        }
        Ok(Accepted { status: 200, location: None, etag: None, acknowledgement: Swept { found } })
    }
}
