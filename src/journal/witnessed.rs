//! What the witnesses of the log have seen of it: which checkpoint is shown to others, since when none is, and the freeze.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};

use super::health::State;
use super::process::Journal;

/// The witnesses' part of a journal. Without witnesses all of it stays as it begins.
#[derive(Debug, Default)]
pub(super) struct Witnessed(Mutex<Inner>);

#[derive(Debug, Default)]
struct Inner {
    /// How many witnesses make a quorum; 0 without witnesses.
    quorum: usize,
    /// The checkpoint that others are shown.
    shown: Option<Arc<str>>,
    /// Since when there are entries that no quorum has seen.
    unwitnessed_since: Option<Timestamp>,
}

impl Witnessed {
    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Journal {
    /// Says, before anything is served, that the log has witnesses, so many of whom make a quorum. Nothing is disclosed and
    /// no checkpoint is shown until they were asked: see [`Journal::release`].
    pub fn await_witnesses(&self, quorum: usize) {
        self.0.witnessed.lock().quorum = quorum;
        self.hold("the witnesses of the log are being asked");
    }

    /// How many witnesses make a quorum; 0 without witnesses.
    pub fn quorum(&self) -> usize {
        self.0.witnessed.lock().quorum
    }

    /// The checkpoint for others: without witnesses the latest that was signed, with witnesses the one that
    /// [`Journal::show_checkpoint`] was given last.
    pub fn shown_checkpoint(&self) -> Option<Arc<str>> {
        let inner = self.0.witnessed.lock();
        if inner.quorum == 0 { self.checkpoint() } else { inner.shown.clone() }
    }

    /// Shows a checkpoint to others, as a rule with the cosignatures of a quorum.
    pub fn show_checkpoint(&self, note: Arc<str>) {
        self.0.witnessed.lock().shown = Some(note);
    }

    /// Notes since when there are entries that no quorum has seen; `None` when there are none.
    pub fn note_unwitnessed(&self, since: Option<Timestamp>) {
        self.0.witnessed.lock().unwitnessed_since = since;
    }

    /// For how long there have been entries that no quorum has seen; zero when there are none.
    pub fn unwitnessed_age(&self) -> SignedDuration {
        let since = self.0.witnessed.lock().unwitnessed_since;
        since.map_or(SignedDuration::ZERO, |since| self.now().duration_since(since).max(SignedDuration::ZERO))
    }

    /// Stops disclosing for good: what witnesses say contradicts the database.
    pub fn freeze(&self, reason: &'static str) {
        self.health().set(State::Frozen(reason));
    }

    /// Holds everything back until [`Journal::release`].
    pub fn hold(&self, reason: &'static str) {
        self.health().hold(Some(reason));
    }

    /// Ends [`Journal::hold`].
    pub fn release(&self) {
        self.health().hold(None);
    }
}
