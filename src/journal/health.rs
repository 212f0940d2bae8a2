//! Whether the journal can record, and if not, why: what `/readyz` says and what turns requests away early.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A writer that has been at one thing for longer does not record: its database hangs.
const HANGS_AFTER: Duration = Duration::from_secs(2);

/// What the operator of a frozen gateway is told to do.
pub const WHAT_TO_DO: &str = "stop every gateway of this log, and keep database, log directory and head file as they are. If a \
    database that continues what was signed is to be had, put it in place and start again. If it is lost, `throughgate recover` \
    closes this log and begins the next one; see its --help, and the README under \"When a gateway is frozen\"";

/// The state of the journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It has not yet reached the database.
    Starting,
    /// It records.
    Ready,
    /// It cannot record now, and tries again by itself.
    Unavailable(&'static str),
    /// The database contradicts what was signed. Only an operator can go on from here: [`WHAT_TO_DO`].
    Frozen(&'static str),
}

/// The state, shared between the writer, which sets it, and everybody who asks.
#[derive(Debug)]
pub struct Health {
    state: Mutex<State>,
    /// Since when the writer has been at what it is doing with the database.
    busy_since: Mutex<Option<Instant>>,
    /// Why nothing is disclosed although it could be recorded.
    held: Mutex<Option<&'static str>>,
}

impl Default for Health {
    fn default() -> Self {
        Self { state: Mutex::new(State::Starting), busy_since: Mutex::new(None), held: Mutex::new(None) }
    }
}

impl Health {
    /// The present state.
    pub fn state(&self) -> State {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let busy_since = *self.busy_since.lock().unwrap_or_else(PoisonError::into_inner);
        if state == State::Ready && busy_since.is_some_and(|since| since.elapsed() > HANGS_AFTER) {
            return State::Unavailable("the database does not answer");
        }
        let held = *self.held.lock().unwrap_or_else(PoisonError::into_inner);
        match held {
            Some(reason) if state == State::Ready => State::Unavailable(reason),
            _ => state,
        }
    }

    /// Holds everything back for this reason, or no longer. What is under way already is not stopped.
    pub(super) fn hold(&self, reason: Option<&'static str>) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if *held != reason {
            match reason {
                Some(reason) => tracing::info!(reason, "everything is held back; nothing is disclosed"),
                None => tracing::info!("nothing is held back any more"),
            }
            *held = reason;
        }
    }

    /// Notes that the writer turns to the database, or is done with it.
    pub(super) fn busy(&self, busy: bool) {
        *self.busy_since.lock().unwrap_or_else(PoisonError::into_inner) = busy.then(Instant::now);
    }

    /// Sets it, and says so where it changed. A frozen journal stays frozen.
    pub(super) fn set(&self, new: State) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state == new || matches!(*state, State::Frozen(_)) {
            return;
        }
        match &new {
            State::Ready => tracing::info!("the journal records"),
            State::Starting => {}
            State::Unavailable(reason) => {
                tracing::warn!(reason, "the journal cannot record; nothing is disclosed")
            }
            State::Frozen(reason) => {
                tracing::error!(
                    reason,
                    what_to_do = WHAT_TO_DO,
                    "the journal is frozen; nothing is disclosed"
                );
            }
        }
        *state = new;
    }
}

/// Counts of this process since its start.
#[derive(Debug, Default)]
pub(super) struct Counts {
    log_size: AtomicU64,
    batches: AtomicU64,
    entries: AtomicU64,
    unavailable: AtomicU64,
    swept: Mutex<Option<Instant>>,
}

/// The counts at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CountsNow {
    /// Entries in the log.
    pub log_size: u64,
    /// Batches that this process committed.
    pub batches: u64,
    /// Entries that this process committed.
    pub entries: u64,
    /// Requests that could not be recorded.
    pub unavailable: u64,
    /// How long ago this process had last done all that it does by itself; `None` until it has.
    pub sweep_age: Option<Duration>,
}

impl Counts {
    pub(super) fn committed(&self, entries: u64, log_size: u64) {
        self.log_size.store(log_size, Ordering::Relaxed);
        self.batches.fetch_add(1, Ordering::Relaxed);
        self.entries.fetch_add(entries, Ordering::Relaxed);
    }

    pub(super) fn opened(&self, log_size: u64) {
        self.log_size.store(log_size, Ordering::Relaxed);
    }

    pub(super) fn unavailable(&self) {
        self.unavailable.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn swept(&self) {
        *self.swept.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }

    pub(super) fn now(&self) -> CountsNow {
        CountsNow {
            log_size: self.log_size.load(Ordering::Relaxed),
            batches: self.batches.load(Ordering::Relaxed),
            entries: self.entries.load(Ordering::Relaxed),
            unavailable: self.unavailable.load(Ordering::Relaxed),
            sweep_age: self.swept.lock().unwrap_or_else(PoisonError::into_inner).map(|at| at.elapsed()),
        }
    }
}
