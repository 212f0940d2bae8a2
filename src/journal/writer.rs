//! The one writer of this process: a thread with a connection of its own. What queues up while one batch is committed is the next one.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel};
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::watch;

use super::batch::{self, Failed, Job};
use super::gather::join;
use super::head_file::HeadFile;
use super::health::{Counts, Health, State};
use super::resume::{grown, our_log, take_up};
use super::settle::{Settled, is_about_a_row, respond, settle};
use super::signed::LogIdentity;
use crate::clock::SharedClock;
use crate::ledger::note::ClaimedHead;
use crate::ledger::tree::{Appended, Tree};
use crate::store::backend::AnyConnection;
use crate::store::keys::{HeldKey, ServiceKey, service_key};
use crate::store::log_number::LogNumber;
use crate::store::write::Prepared;
use crate::store::{self, Store, budget, event, replay};

/// How many entries may wait. Beyond it the answer is 503 at once.
const QUEUE: usize = 4_096;
/// How often the writer, idle or not, sweeps expired guards and old events, and an idle one makes sure that it still can write.
const TENDS: Duration = Duration::from_secs(1);
/// How often a writer that cannot write tries again.
const TRY_AGAIN: Duration = Duration::from_millis(200);
const UNKEPT: &str = "the file of the last signed head cannot be used";

/// What the writer says to one job.
#[derive(Debug)]
pub(super) enum Verdict {
    /// The entry is durable.
    Recorded(Recorded),
    /// What it rested on has changed.
    Stale,
    /// A guard was taken already.
    GuardTaken,
    /// Nothing is known to be recorded.
    Unavailable,
}

/// Where an entry is, and what its receipt is made of.
#[derive(Debug)]
pub(super) struct Recorded {
    pub(super) index: u64,
    pub(super) leaf: Vec<u8>,
    pub(super) appended: Arc<Appended>,
    pub(super) checkpoint: Arc<str>,
}

/// The keys under which the fields of entries are encrypted that no person's key covers.
#[derive(Debug)]
pub(super) struct ServiceKeys {
    pub(super) rest: HeldKey,
    pub(super) nobody: HeldKey,
}

/// The way to the writer.
#[derive(Clone)]
pub(super) struct Writer {
    /// Gone once the gateway ends.
    queue: Arc<RwLock<Option<SyncSender<Job>>>>,
    pub(super) health: Arc<Health>,
    pub(super) keys: Arc<OnceLock<ServiceKeys>>,
    pub(super) counts: Arc<Counts>,
    /// The latest signed checkpoint, for auditors.
    pub(super) checkpoint: Arc<std::sync::Mutex<Option<Arc<str>>>>,
    /// Moves on whenever something was recorded that an agency is told.
    pub(super) news: watch::Sender<u64>,
}

impl Writer {
    /// Starts the thread. It ends when the last handle to it is dropped, or by [`Writer::end`].
    pub(super) fn start(store: Store, log: LogIdentity, clock: SharedClock) -> std::io::Result<Self> {
        let (queue, jobs) = sync_channel(QUEUE);
        let writer = Self {
            queue: Arc::new(RwLock::new(Some(queue))),
            health: Arc::default(),
            keys: Arc::default(),
            counts: Arc::default(),
            checkpoint: Arc::default(),
            news: watch::Sender::default(),
        };
        let thread = Thread {
            store,
            log,
            clock,
            health: writer.health.clone(),
            keys: writer.keys.clone(),
            counts: writer.counts.clone(),
            checkpoint: writer.checkpoint.clone(),
            news: writer.news.clone(),
            open: None,
        };
        std::thread::Builder::new().name("journal-writer".into()).spawn(move || thread.run(&jobs))?;
        Ok(writer)
    }

    /// Hands over a job; whether it was taken. A full queue refuses at once.
    pub(super) fn submit(&self, job: Job) -> bool {
        let queue = self.queue.read().unwrap_or_else(PoisonError::into_inner);
        queue.as_ref().is_some_and(|queue| queue.try_send(job).is_ok())
    }

    /// Lets the thread finish what is queued and end, with its connection and the file of the last signed head, while others
    /// still hold a handle to it.
    pub(super) fn end(&self) {
        *self.queue.write().unwrap_or_else(PoisonError::into_inner) = None;
    }
}

struct Thread {
    store: Store,
    log: LogIdentity,
    clock: SharedClock,
    health: Arc<Health>,
    keys: Arc<OnceLock<ServiceKeys>>,
    counts: Arc<Counts>,
    checkpoint: Arc<std::sync::Mutex<Option<Arc<str>>>>,
    news: watch::Sender<u64>,
    open: Option<Open>,
}

/// What the writer holds while the database answers.
struct Open {
    connection: AnyConnection,
    /// The log that is written to.
    log: LogNumber,
    tree: Tree,
    head_file: HeadFile,
}

impl Thread {
    fn run(mut self, jobs: &Receiver<Job>) {
        self.ensure_open();
        let mut tended = Instant::now();
        loop {
            let received = jobs.recv_timeout(if self.open.is_some() { TENDS } else { TRY_AGAIN });
            self.health.busy(true);
            let is_idle = match received {
                Ok(first) => {
                    self.process(vec![first], Some(jobs));
                    false
                }
                Err(RecvTimeoutError::Timeout) => true,
                Err(RecvTimeoutError::Disconnected) => return self.close("the gateway has ended"),
            };
            if is_idle || tended.elapsed() >= TENDS {
                self.tend();
                tended = Instant::now();
            }
            self.health.busy(false);
        }
    }

    fn tend(&mut self) {
        self.ensure_open();
        if matches!(self.health.state(), State::Frozen(_)) {
            self.open = None; // a frozen journal signs nothing more
        }
        let now = self.clock.now();
        let Some(open) = &mut self.open else { return };
        let swept = replay::sweep(&mut open.connection, now.as_microsecond())
            .and_then(|()| budget::sweep(&mut open.connection, now.as_microsecond()))
            .and_then(|()| event::sweep(&mut open.connection, now));
        if swept.is_err() {
            return self.close("the database does not answer");
        }
        match self.follow_others() {
            Ok(()) => {}
            Err(Failed::Diverged(reason)) => {
                self.health.set(State::Frozen(reason));
                self.close(reason);
            }
            Err(Failed::Unkept(error)) => {
                tracing::warn!(%error, UNKEPT);
                self.close(UNKEPT);
            }
            Err(Failed::Before(_) | Failed::Unknown(_)) => self.close("the database does not answer"),
        }
    }

    /// Signs what other processes have appended, so that it is published and witnessed even if they end here.
    fn follow_others(&mut self) -> Result<(), Failed> {
        let Some(open) = &mut self.open else { return Ok(()) };
        // What has not begun has not grown.
        if self.log.begins && open.tree.size() == 0 {
            return Ok(());
        }
        let Some(tree) = grown(&mut open.connection, open.log, &open.tree)? else { return Ok(()) };
        let head = ClaimedHead { size: tree.size(), root: tree.root() };
        open.tree = tree;
        open.head_file.keep(head).map_err(Failed::Unkept)?;
        self.publish(head);
        self.counts.opened(head.size);
        Ok(())
    }

    /// Sees a batch through; with a queue, those go along who come before it is under the head's lock.
    fn process(&mut self, mut jobs: Vec<Job>, queue: Option<&Receiver<Job>>) {
        // Whoever waited out the deadline was told 503 already: recording it now would say what did not happen.
        jobs.retain(|job| !job.reply.is_closed());
        if jobs.is_empty() {
            return;
        }
        self.ensure_open();
        match self.attempt(&mut jobs, queue) {
            Ok(settled) => settle(jobs, settled),
            Err(Failed::Before(error)) if self.open.is_some() && jobs.len() > 1 && is_about_a_row(&error) => {
                // One member's rows clash; alone, each of the others goes through.
                for job in jobs {
                    self.process(vec![job], None);
                }
            }
            Err(Failed::Before(error)) if is_about_a_row(&error) => {
                for job in jobs {
                    respond(job, |_| Verdict::Stale);
                }
            }
            Err(failed) => {
                let reason = match failed {
                    Failed::Diverged(reason) => {
                        self.health.set(State::Frozen(reason));
                        reason
                    }
                    Failed::Before(error) => {
                        tracing::warn!(error = cause(&error), "a batch was not committed");
                        "the database does not take entries"
                    }
                    Failed::Unknown(error) => {
                        tracing::warn!(error = cause(&error), "a COMMIT did not answer");
                        "the outcome of a COMMIT is unknown"
                    }
                    // The entries stand, but nothing is said to be signed that is not kept: callers hear 503 and ask again.
                    Failed::Unkept(error) => {
                        tracing::warn!(%error, UNKEPT);
                        UNKEPT
                    }
                };
                self.close(reason);
                for job in jobs {
                    respond(job, |_| Verdict::Unavailable);
                }
            }
        }
    }

    fn attempt(&mut self, jobs: &mut Vec<Job>, queue: Option<&Receiver<Job>>) -> Result<Settled, Failed> {
        let unavailable = || Failed::Before(store::Error::Corrupt("the writer has no connection"));
        if matches!(self.health.state(), State::Frozen(_)) {
            return Err(unavailable());
        }
        let open = self.open.as_mut().ok_or_else(unavailable)?;
        let joining = |jobs: &mut Vec<Job>| {
            if let Some(queue) = queue {
                join(jobs, queue);
            }
        };
        let committed =
            batch::commit(&mut open.connection, open.log, &open.tree, jobs, joining, &self.clock)?;
        open.tree = committed.tree;
        let Some(appended) = committed.appended else {
            return Ok(Settled { fates: committed.fates, receipts: None });
        };
        let head = ClaimedHead { size: open.tree.size(), root: open.tree.root() };
        open.head_file.keep(head).map_err(Failed::Unkept)?;
        let checkpoint = self.publish(head);
        self.counts.committed(appended.size.saturating_sub(appended.first), head.size);
        if jobs.iter().any(|job| job.change.as_ref().is_some_and(Prepared::tells)) {
            self.news.send_modify(|news| *news = news.wrapping_add(1));
        }
        Ok(Settled { fates: committed.fates, receipts: Some((Arc::new(appended), checkpoint)) })
    }

    fn publish(&self, head: ClaimedHead) -> Arc<str> {
        let note: Arc<str> = self.log.key.sign(&self.log.key.checkpoint(head.size, head.root)).into();
        *self.checkpoint.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(note.clone());
        note
    }

    fn close(&mut self, reason: &'static str) {
        self.open = None;
        self.health.set(State::Unavailable(reason));
    }

    /// Connects and reloads the head from durable state: after any failure nothing in memory is trusted.
    fn ensure_open(&mut self) {
        if self.open.is_some() || matches!(self.health.state(), State::Frozen(_)) {
            return;
        }
        match self.try_open() {
            Ok(open) => {
                self.open = Some(open);
                self.health.set(State::Ready);
            }
            Err(Failed::Diverged(reason)) => self.health.set(State::Frozen(reason)),
            Err(Failed::Before(error) | Failed::Unknown(error)) => {
                tracing::debug!(error = cause(&error), "the database cannot be opened");
                self.health.set(State::Unavailable("the database cannot be opened"));
            }
            Err(Failed::Unkept(error)) => {
                tracing::debug!(%error, UNKEPT);
                self.health.set(State::Unavailable(UNKEPT));
            }
        }
    }

    fn try_open(&self) -> Result<Open, Failed> {
        let mut connection = self.store.writer()?;
        let log = our_log(&mut connection, &self.log)?;
        let keys = self.store.keys();
        let held = ServiceKeys {
            rest: service_key(&mut connection, keys, ServiceKey::AuditRest)?,
            nobody: service_key(&mut connection, keys, ServiceKey::AuditNobody)?,
        };
        service_key(&mut connection, keys, ServiceKey::Directory)?;
        service_key(&mut connection, keys, ServiceKey::Scorecards)?;
        let (tree, head_file) = take_up(&mut connection, log, &self.log)?;
        // The keys never change under a running gateway, so the first ones stay.
        let _ = self.keys.set(held);
        self.counts.opened(tree.size());
        if !self.log.begins {
            self.publish(ClaimedHead { size: tree.size(), root: tree.root() });
        }
        Ok(Open { connection, log, tree, head_file })
    }
}

/// An error with its causes, as a log line takes it.
fn cause(error: &store::Error) -> &(dyn std::error::Error + 'static) {
    error
}
