//! The readers: threads with a connection each, that answer waiting requests several at once, on one snapshot.
//!
//! What a database is asked costs more by the question than by the answer, so requests that wait share the questions: one
//! transaction for all of them, and one statement for all their dossiers. A request that waits alone is answered alone.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use super::backend::AnyConnection;
use super::dossier::{Asked, Dossier};
use super::facts::Subject;
use super::record::Kind;
use super::{Error, Snapshot, Store};
use crate::crypto::KeyRing;
use crate::id::AgencyId;

/// The most requests that share a snapshot.
const MAX_TOGETHER: usize = 16;
/// How many requests may wait. Beyond it the answer is 503 at once.
const QUEUE: usize = 4_096;

/// The way to the readers. They end when it is dropped.
pub struct Readers(Arc<Shared>);

struct Shared {
    waiting: Mutex<Waiting>,
    arrived: Condvar,
    threads: usize,
}

#[derive(Default)]
struct Waiting {
    tasks: VecDeque<Task>,
    is_closed: bool,
}

struct Task {
    /// The dossier that it begins with.
    asked: Option<Asked>,
    /// Whether the snapshot is still good for others afterwards.
    work: Box<dyn FnOnce(&mut Snapshot<'_>) -> bool + Send>,
}

impl Readers {
    /// Starts as many readers as the store may have connections. Each connects when it is first needed.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start(store: &Store) -> std::io::Result<Self> {
        let threads = store.connections();
        let shared = Shared { waiting: Mutex::default(), arrived: Condvar::new(), threads };
        let readers = Self(Arc::new(shared));
        for _ in 0..threads {
            let (shared, store) = (readers.0.clone(), store.clone());
            std::thread::Builder::new().name("store-reader".into()).spawn(move || run(&shared, &store))?;
        }
        Ok(readers)
    }

    /// Lets `work` read about `subject`, on a snapshot that was not taken before this call. `None` when no snapshot could be
    /// taken, or too many wait for one.
    pub async fn read<T: Send + 'static>(
        &self,
        agency: &AgencyId,
        subject: Subject,
        work: impl FnOnce(&mut Snapshot<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Option<Result<T, Error>> {
        let (reply, answer) = oneshot::channel();
        self.hand(agency, subject, move |tx| {
            // Whoever asked has given up, so nobody is read for nobody.
            if reply.is_closed() {
                return true;
            }
            let result = work(tx);
            let is_good = result.is_ok();
            if reply.send(result).is_err() {
                tracing::debug!("a request was read for after its caller gave up");
            }
            is_good
        });
        answer.await.ok()
    }

    /// Hands over `work` on `subject`, for a snapshot that was not taken before this call. It says whether that snapshot is still
    /// good for others afterwards. Where no snapshot can be taken, or too many wait for one, it is dropped undone.
    pub fn hand(
        &self,
        agency: &AgencyId,
        subject: Subject,
        work: impl FnOnce(&mut Snapshot<'_>) -> bool + Send + 'static,
    ) {
        let asked = match subject {
            Subject::Record(Kind::Dir, handle) => Some(Asked { agency: agency.clone(), handle }),
            _ => None,
        };
        self.0.put(Task { asked, work: Box::new(work) });
    }

    /// Lets the readers end, each with its connection; who waits hears nothing more.
    pub fn close(&self) {
        let mut waiting = self.0.lock();
        waiting.is_closed = true;
        waiting.tasks.clear();
        drop(waiting);
        self.0.arrived.notify_all();
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues a task; one too many is dropped, which tells its caller.
    fn put(&self, task: Task) {
        let mut waiting = self.lock();
        if waiting.tasks.len() < QUEUE && !waiting.is_closed {
            waiting.tasks.push_back(task);
            self.arrived.notify_one();
        }
    }

    /// A fair share of what waits; `None` when there will be no more.
    fn take(&self) -> Option<Vec<Task>> {
        let is_idle = |waiting: &mut Waiting| waiting.tasks.is_empty() && !waiting.is_closed;
        let mut waiting =
            self.arrived.wait_while(self.lock(), is_idle).unwrap_or_else(PoisonError::into_inner);
        if waiting.is_closed {
            return None;
        }
        let share = waiting.tasks.len().div_ceil(self.threads).min(MAX_TOGETHER);
        Some(waiting.tasks.drain(..share).collect())
    }
}

fn run(shared: &Shared, store: &Store) {
    let mut connection = None;
    while let Some(tasks) = shared.take() {
        if connection.is_none() {
            connection = match store.reader() {
                Ok(opened) => Some(opened),
                Err(error) => {
                    let error: &dyn std::error::Error = &error;
                    tracing::warn!(error, "a reader cannot reach the database");
                    continue;
                }
            };
        }
        let Some(open) = &mut connection else { continue };
        // A panic would be a defect of ours. It must cost its own request, and not a reader.
        match catch_unwind(AssertUnwindSafe(|| serve(open, store.keys(), tasks))) {
            Ok(Ok(())) if !open.is_unusable() => {}
            Ok(Ok(())) => connection = None,
            Ok(Err(error)) => {
                let error: &dyn std::error::Error = &error;
                tracing::warn!(error, "a snapshot failed");
                connection = None;
            }
            Err(_) => {
                tracing::error!("a request panicked while it was read for");
                connection = None;
            }
        }
    }
}

/// Serves the tasks on one snapshot. After one that failed the others get another, since the database may have given the
/// first one up.
fn serve(connection: &mut AnyConnection, keys: &KeyRing, tasks: Vec<Task>) -> Result<(), Error> {
    connection.begin_snapshot()?;
    let asked: Vec<&Asked> = tasks.iter().filter_map(|task| task.asked.as_ref()).collect();
    let mut dossiers = Dossier::load(connection, keys, &asked)?.into_iter();
    let mut is_first = true;
    for task in tasks {
        // One that cannot be read is asked for again by its own request, which then hears why.
        let dossier = task.asked.as_ref().and_then(|_| dossiers.next()?.ok());
        let mut snapshot = Snapshot::new(connection, keys);
        // What was read on a snapshot that was given up is not carried over.
        snapshot.dossier = dossier.filter(|_| is_first);
        if !(task.work)(&mut snapshot) {
            connection.end_snapshot()?;
            connection.begin_snapshot()?;
            is_first = false;
        }
    }
    connection.end_snapshot()?;
    Ok(())
}
