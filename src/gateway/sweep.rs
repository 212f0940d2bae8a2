//! What the gateway does by itself while it serves: tasks that nobody did in time go up, each step an entry of the log.

use std::time::Duration;

use crate::domain::task::SweepTasks;
use crate::journal::Journal;
use crate::journal::call::Call;

/// How often tasks are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Raises what is late, a page at a time, until it is stopped. While nothing can be recorded nothing is raised, and it is tried
/// again.
pub(super) async fn sweep_regularly(journal: Journal) {
    let mut tick = tokio::time::interval(LOOK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        while journal.tasks_wait().await {
            let call = Call::system("sweep_tasks", journal.directory().epoch());
            if journal.record(call, SweepTasks).await.is_err() {
                break;
            }
        }
    }
}
