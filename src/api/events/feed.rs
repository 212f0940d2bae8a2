//! What keeps a stream of events going: it looks, has each batch recorded, hands it on, and knows when to end.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::Sender;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::streams::Lease;
use crate::api::streamed::Chunk;
use crate::domain::event::{EventBatch, ReadEvents};
use crate::identity::principal::Principal;
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::store::event::Place;

/// How often a stream looks by itself: what another gateway has recorded raises no signal here.
const LOOK: Duration = Duration::from_secs(1);
/// How often a stream in which nothing happens says that it lives. That its reader has gone shows when this is written to it.
const STILL_HERE: Duration = Duration::from_secs(5);
/// How long a reader may take to take a batch. One that is slower comes back and goes on where it was.
const TAKES: Duration = Duration::from_secs(30);

/// A stream that is open.
pub(super) struct Feed {
    pub(super) journal: Journal,
    pub(super) call: Call,
    pub(super) principal: Arc<Principal>,
    /// After the last event that was handed on.
    pub(super) after: Place,
    pub(super) news: watch::Receiver<u64>,
    pub(super) lease: Lease,
    pub(super) chunks: Sender<Chunk<EventBatch>>,
}

impl Feed {
    /// Runs until the reader has gone, or may not read any more, or the gateway ends.
    pub(super) async fn run(mut self) {
        let mut quiet_since = Instant::now();
        while self.journal.still_serves(&self.principal) {
            self.news.mark_unchanged();
            // A database that does not answer now may later: until then there is nothing to tell.
            if self.journal.has_events(&self.principal.agency, self.after).await == Some(true) {
                if !self.deliver().await {
                    return;
                }
                quiet_since = Instant::now();
                continue;
            }
            if quiet_since.elapsed() >= STILL_HERE {
                if !self.hand_on(Chunk::StillHere).await {
                    return;
                }
                quiet_since = Instant::now();
            }
            tokio::select! {
                _ = self.news.changed() => {}
                () = sleep(LOOK) => {}
                () = self.chunks.closed() => return,
                () = self.lease.closing() => return,
            }
        }
    }

    /// Has the next events recorded and hands them on. Whether it goes on: not after a refusal, which is on record, nor when
    /// nothing can be recorded.
    async fn deliver(&mut self) -> bool {
        let question = ReadEvents { after: self.after };
        let Ok(batch) = self.journal.disclose(self.call.clone(), question).await else {
            return false;
        };
        let Some(place) = batch.next().and_then(|place| place.parse().ok()) else {
            return false;
        };
        self.after = place;
        self.hand_on(Chunk::Released(batch)).await
    }

    async fn hand_on(&self, chunk: Chunk<EventBatch>) -> bool {
        matches!(timeout(TAKES, self.chunks.send(chunk)).await, Ok(Ok(())))
    }
}
