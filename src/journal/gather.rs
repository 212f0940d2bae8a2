//! Who goes into one batch: what waits in the queue, as far as there is room.

use std::sync::mpsc::Receiver;

use super::batch::Job;

/// The most disclosures and refusals in a batch.
const MAX_ENTRIES: usize = 1_024;
/// The most commands in a batch; each writes several rows under the head's lock.
const MAX_COMMANDS: usize = 32;

/// Adds what waits in the queue, as far as there is room.
pub(super) fn join(batch: &mut Vec<Job>, queue: &Receiver<Job>) {
    let count = batch.iter().filter(|job| job.change.is_some()).count();
    let mut commands = MAX_COMMANDS.saturating_sub(count);
    while batch.len() < MAX_ENTRIES
        && commands > 0
        && let Ok(job) = queue.try_recv()
    {
        // Whoever waited out the deadline was told 503 already.
        if !job.reply.is_closed() {
            commands -= usize::from(job.change.is_some());
            batch.push(job);
        }
    }
}
