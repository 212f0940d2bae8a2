//! Files of the static log for auditors: one entry an auditor and hour, and every file decided on by itself.
//!
//! They are about nobody: leaves show times and kinds, tiles show hashes. They are read from the static log directory, never
//! from the database.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::OnceCell;

use super::call::{Call, Caller};
use super::disclosure::Disclosure;
use super::health::State;
use super::outcome::{Disclosed, Receipt, Stop, Unavailable};
use super::process::Journal;
use super::road::{Answer, DEADLINE, End};
use crate::id::{AgencyId, WorkerId};
use crate::ledger::note::claimed_head;
use crate::ledger::tiles::{CHECKPOINT_PATH, TileFile, file_at};
use crate::ledger::verify::{LogDirectory, served};
use crate::problem::{Problem, ProblemType};
use crate::vocabulary::EntryKind;

/// For how long one entry covers an auditor's reading, in seconds.
const PERIOD: i64 = 3600;
/// How long a file that a checkpoint promises may take until the follower has written it.
const FOLLOWS_WITHIN: Duration = Duration::from_secs(2);
const LOOK_AGAIN: Duration = Duration::from_millis(50);

/// A file of the static log, with the receipt of the entry under which it leaves. Only the journal makes one.
pub struct LogFile {
    pub(super) bytes: Vec<u8>,
    pub(super) receipt: Receipt,
}

impl LogFile {
    /// Takes it apart for sending.
    pub fn into_parts(self) -> (Vec<u8>, Receipt) {
        (self.bytes, self.receipt)
    }
}

/// The entries under which auditors read in this hour.
#[derive(Default)]
pub(super) struct Passes(Mutex<HashMap<Reader, Arc<OnceCell<Receipt>>>>);

/// Who reads, and in which period.
type Reader = (AgencyId, WorkerId, i64);

impl Passes {
    fn of(&self, agency: AgencyId, worker: WorkerId, period: i64) -> Arc<OnceCell<Receipt>> {
        let mut passes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        passes.retain(|(_, _, of), _| *of == period);
        passes.entry((agency, worker, period)).or_default().clone()
    }
}

/// The static log directory, to be read.
struct OnDisk(PathBuf);

impl LogDirectory for OnDisk {
    type Error = std::io::Error;

    fn read(&self, path: &str) -> std::io::Result<Option<Vec<u8>>> {
        match std::fs::read(self.0.join(path)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}

impl Journal {
    /// Reads a file of the static log directory for whoever may ask `question`: that is decided for each file, and recorded
    /// for the first of an hour. A partial file that was replaced is cut from the wider one.
    ///
    /// # Errors
    /// A recorded refusal, or that nothing can be recorded or read.
    pub async fn log_file<D: Disclosure + Copy>(
        &self,
        call: Call,
        kind: EntryKind,
        question: D,
        directory: PathBuf,
        file: TileFile,
    ) -> Result<LogFile, Stop> {
        let receipt = self.pass(&call, question).await?;
        match self.read_log_file(directory, file).await? {
            Some(bytes) => Ok(LogFile { bytes, receipt }),
            None => {
                let problem = Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-tile");
                Err(self.refuse(call, kind, problem).await)
            }
        }
    }

    /// How the log came about, as its directory tells it; `None` for the first log of a deployment. It is about nobody.
    ///
    /// # Errors
    /// When the database fails or does not answer in time.
    pub async fn recovered(&self) -> Result<Option<String>, Unavailable> {
        let (store, origin) = (self.store().clone(), self.0.signature.origin.clone());
        let read = tokio::task::spawn_blocking(move || {
            store.snapshot(|tx| match tx.log_named(&origin)? {
                Some(log) => tx.recovered_file(log.number),
                None => Ok(None),
            })
        });
        match tokio::time::timeout(DEADLINE, read).await {
            Ok(Ok(Ok(file))) => Ok(file.map(|file| file.to_string())),
            Ok(Ok(Err(_)) | Err(_)) | Err(_) => Err(Unavailable),
        }
    }

    /// The receipt of this hour's entry; made now if there is none.
    async fn pass<D: Disclosure + Copy>(&self, call: &Call, question: D) -> Result<Receipt, Stop> {
        let Caller::Worker(principal) = &call.caller else { return Err(Unavailable.into()) };
        let period = self.now().as_second().div_euclid(PERIOD);
        let pass = self.0.passes.of(principal.agency.clone(), principal.worker.clone(), period);
        let mut is_new = false;
        let receipt = pass
            .get_or_try_init(|| async {
                is_new = true;
                self.disclose(call.clone(), question).await.map(|disclosed| disclosed.receipt)
            })
            .await?
            .clone();
        if is_new || self.permits(call.clone(), question).await? {
            return Ok(receipt);
        }
        // What is refused now is on record, whatever was permitted before.
        let Disclosed { receipt, .. } = self.disclose(call.clone(), question).await?;
        Ok(receipt)
    }

    /// Whether the question would be answered now. Nothing is recorded and nothing leaves.
    async fn permits<D: Disclosure>(&self, mut call: Call, question: D) -> Result<bool, Stop> {
        if self.health().state() != State::Ready {
            return Err(Unavailable.into());
        }
        let (journal, agency, subject) = (self.clone(), call.caller.agency().clone(), question.subject());
        let decided = self.0.readers.read(&agency, subject, move |tx| {
            journal.prepare::<D::Action>(tx, &mut call, (subject, 0), |_, _, _| {
                Ok(Answer::view(Vec::new(), None, None))
            })
        });
        match tokio::time::timeout(DEADLINE, decided).await {
            Ok(Some(Ok(ready))) => Ok(matches!(ready.end, End::View { .. })),
            Ok(Some(Err(_)) | None) | Err(_) => Err(Unavailable.into()),
        }
    }

    /// The follower is a moment behind the checkpoint, so what a checkpoint promises is waited for.
    async fn read_log_file(&self, directory: PathBuf, file: TileFile) -> Result<Option<Vec<u8>>, Stop> {
        let until = tokio::time::Instant::now() + FOLLOWS_WITHIN;
        loop {
            let on_disk = OnDisk(directory.clone());
            let read = tokio::task::spawn_blocking(move || on_disk.look_up(file)).await;
            let Ok(Ok(looked_up)) = read else { return Err(Unavailable.into()) };
            let promised = self.shown_checkpoint().is_some_and(|note| promises(&note, file));
            match looked_up {
                LookedUp::Found(bytes) => return Ok(Some(bytes)),
                LookedUp::NotYet if promised && tokio::time::Instant::now() < until => {
                    tokio::time::sleep(LOOK_AGAIN).await;
                }
                LookedUp::NotYet | LookedUp::Gone => return Ok(None),
            }
        }
    }
}

/// What the directory has of a file.
enum LookedUp {
    Found(Vec<u8>),
    /// Its checkpoint does not call for the file.
    NotYet,
    /// Its checkpoint calls for the file, which was pruned.
    Gone,
}

impl OnDisk {
    fn look_up(&self, file: TileFile) -> std::io::Result<LookedUp> {
        // The checkpoint first: the follower writes it after what it calls for.
        let note = self.read(CHECKPOINT_PATH)?.and_then(|note| String::from_utf8(note).ok());
        let is_called_for = note.is_some_and(|note| promises(&note, file));
        Ok(match served(self, file)? {
            Some(bytes) => LookedUp::Found(bytes),
            None if is_called_for => LookedUp::Gone,
            None => LookedUp::NotYet,
        })
    }
}

/// Whether a log with this checkpoint has such a file, or a wider one in its place.
fn promises(note: &str, file: TileFile) -> bool {
    let size = claimed_head(note).map_or(0, |head| head.size);
    file_at(file.kind, file.index, size).is_some_and(|there| file.width <= there.width)
}
