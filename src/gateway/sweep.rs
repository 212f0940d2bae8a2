//! What the gateway does by itself while it serves: tasks that nobody did in time go up, and referrals that nobody moved expire, each
//! step an entry of the log.

use std::time::Duration;

use crate::domain::referral::ExpireReferral;
use crate::domain::task::SweepTasks;
use crate::journal::Journal;
use crate::journal::call::Call;

/// How often tasks are looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Ends and raises what is late, a page at a time, until it is stopped. While nothing can be recorded nothing is raised, and it is tried
/// again.
pub(super) async fn sweep_regularly(journal: Journal, expiry: ExpireReferral) {
    let mut tick = tokio::time::interval(LOOK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tick.tick().await;
        while journal.referral_waits().await {
            let call = Call::system("expire_referral", journal.directory().epoch());
            if journal.record(call, expiry.clone()).await.is_err() {
                break;
            }
        }
        while journal.tasks_wait().await {
            let call = Call::system("sweep_tasks", journal.directory().epoch());
            if journal.record(call, SweepTasks).await.is_err() {
                break;
            }
        }
    }
}
