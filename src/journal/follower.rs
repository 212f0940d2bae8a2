//! The static log directory (C2SP tlog-tiles), written from the database behind the journal, never on the road of a request.
//!
//! Files are written whole, synced and renamed, the checkpoint last, so that a reader always finds what its checkpoint needs
//! and a crash at any point leaves a directory from which the next run goes on. The bytes depend on the log alone: a
//! directory that is built anew is the same as one that grew.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, SyncSender, sync_channel};
use std::thread::JoinHandle;
use std::time::Duration;

use super::kept::KeptCheckpoints;
use super::process::Journal;
use crate::ledger::note::{ClaimedHead, claimed_head, claimed_origin};
use crate::ledger::proof;
use crate::ledger::recovery::RECOVERED_PATH;
use crate::ledger::tiles::{self, CHECKPOINT_PATH, TileFile, TileKind};
use crate::ledger::tree::ReadError;
use crate::store::log_number::LogNumber;
use crate::store::{self, Store};

/// How often the log is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// The end of the name of a file that is not whole yet.
const UNFINISHED: &str = ".unfinished";

/// Why the directory could not be brought up to date. The next look tries again.
#[derive(Debug, thiserror::Error)]
pub enum FollowError {
    /// The database.
    #[error("the log could not be read")]
    Store(#[from] store::Error),
    /// The disk.
    #[error("the static log directory could not be written")]
    Disk(#[from] io::Error),
    /// What the journal signed does not parse: never in practice.
    #[error("the checkpoint does not parse")]
    Checkpoint,
}

/// The thread that follows the log. It ends, with everything written that was signed, when it is stopped or dropped.
pub struct Follower {
    stop: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Follower {
    /// Starts following the checkpoints that the journal shows into a directory, which is made if it is missing.
    ///
    /// # Errors
    /// When the thread cannot be started.
    pub fn start(journal: Journal, directory: PathBuf) -> io::Result<Self> {
        let (stop, stopped) = sync_channel::<()>(1);
        let thread = std::thread::Builder::new().name("log-follower".into()).spawn(move || {
            let mut kept = KeptCheckpoints::new(&directory);
            let mut log_directory = LogDirectory::new(directory);
            let mut failing = false;
            loop {
                let is_last = !matches!(stopped.recv_timeout(LOOK), Err(RecvTimeoutError::Timeout));
                let followed = match journal.shown_checkpoint() {
                    Some(note) => log_directory
                        .follow(journal.store(), &note)
                        .and_then(|()| kept.follow(journal.store(), &note, journal.quorum())),
                    None => Ok(()),
                };
                match followed {
                    Ok(()) => failing = false,
                    Err(error) if !failing => {
                        failing = true;
                        let error: &dyn std::error::Error = &error;
                        tracing::error!(error, "the static log directory does not follow; it is tried again");
                    }
                    Err(_) => {}
                }
                if is_last {
                    return;
                }
            }
        })?;
        Ok(Self { stop: Some(stop), thread: Some(thread) })
    }

    /// Writes what was signed last, and ends. Blocking.
    pub fn stop(mut self) {
        self.end();
    }

    fn end(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that follows the log ended badly");
        }
    }
}

impl Drop for Follower {
    fn drop(&mut self) {
        self.end();
    }
}

/// A static log directory on disk.
pub struct LogDirectory {
    root: PathBuf,
    /// The size up to which its files are known to be there and right; `None` until it was looked through.
    size: Option<u64>,
    note: String,
}

impl LogDirectory {
    /// The directory at this path; nothing is read or written yet.
    pub fn new(root: PathBuf) -> Self {
        Self { root, size: None, note: String::new() }
    }

    /// Brings the directory up to a signed checkpoint of the log in the store. Blocking.
    ///
    /// # Errors
    /// When the store or the disk fails; then the directory still has its earlier checkpoint and all that this needs.
    pub fn follow(&mut self, store: &Store, note: &str) -> Result<(), FollowError> {
        if self.size.is_some() && self.note == note {
            return Ok(());
        }
        let head = claimed_head(note).ok_or(FollowError::Checkpoint)?;
        let log = log_of(store, note)?;
        let old = match self.size.take() {
            Some(size) => size,
            None => self.look_through(store, log, head.size)?,
        };
        if old > head.size {
            // The log never shrinks, so the note is an older one and tells nothing new.
            self.size = Some(old);
            return Ok(());
        }
        let changes = tiles::changes(old, head.size);
        let mut folders = BTreeSet::from([self.root.clone()]);
        for file in &changes.write {
            self.write(&file.to_string(), &content(store, log, *file, head.size)?, &mut folders)?;
        }
        for folder in &folders {
            File::open(folder)?.sync_all()?;
        }
        self.write(CHECKPOINT_PATH, note.as_bytes(), &mut BTreeSet::new())?;
        File::open(&self.root)?.sync_all()?;
        for file in &changes.remove {
            self.remove(&self.root.join(file.to_string()))?;
        }
        self.size = Some(head.size);
        note.clone_into(&mut self.note);
        Ok(())
    }

    /// The size from which to go on: that of the directory's own checkpoint, where the log in the store has the same head and
    /// every file is there; else 0, with the checkpoint taken away first. What no checkpoint needs is removed.
    fn look_through(&mut self, store: &Store, log: LogNumber, newest: u64) -> Result<u64, FollowError> {
        fs::create_dir_all(&self.root)?;
        if let Some(recovered) = store.snapshot(|tx| tx.recovered_file(log))? {
            self.write(RECOVERED_PATH, recovered.to_string().as_bytes(), &mut BTreeSet::new())?;
        }
        let kept = match fs::read_to_string(self.root.join(CHECKPOINT_PATH)) {
            Ok(note) => claimed_head(&note),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) if error.kind() == io::ErrorKind::InvalidData => None,
            Err(error) => return Err(error.into()),
        };
        let size = match kept {
            Some(head) if is_ours(store, log, &head, newest)? => head.size,
            _ => 0,
        };
        let kinds = || std::iter::once(TileKind::Entries).chain(tiles::levels(size).map(TileKind::Hashes));
        let expected: BTreeSet<PathBuf> = kinds()
            .flat_map(|kind| tiles::files(kind, size))
            .map(|file| self.root.join(file.to_string()))
            .collect();
        let complete = expected.iter().all(|path| path.is_file());
        if size == 0 || !complete {
            self.remove(&self.root.join(CHECKPOINT_PATH))?;
            self.sweep(&self.root.join("tile"), &BTreeSet::new())?;
            return Ok(0);
        }
        self.sweep(&self.root.join("tile"), &expected)?;
        Ok(size)
    }

    /// Removes every file below a folder that is not expected there, and the folders that are empty then.
    fn sweep(&self, folder: &Path, expected: &BTreeSet<PathBuf>) -> io::Result<()> {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(error),
        };
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                self.sweep(&entry.path(), expected)?;
            } else if !expected.contains(&entry.path()) {
                fs::remove_file(entry.path())?;
            }
        }
        remove_if_empty(folder);
        Ok(())
    }

    fn write(&self, path: &str, bytes: &[u8], folders: &mut BTreeSet<PathBuf>) -> io::Result<()> {
        let path = self.root.join(path);
        let folder = path.parent().unwrap_or(&self.root);
        fs::create_dir_all(folder)?;
        let mut unfinished = path.clone().into_os_string();
        unfinished.push(UNFINISHED);
        let mut file = File::create(&unfinished)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&unfinished, &path)?;
        // The folder's own entry in its parent must be durable too.
        folders.extend(
            folder.ancestors().take_while(|folder| folder.starts_with(&self.root)).map(Path::to_owned),
        );
        Ok(())
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            Ok(()) | Err(_) => {}
        }
        if let Some(folder) = path.parent().filter(|folder| *folder != self.root) {
            remove_if_empty(folder);
        }
        Ok(())
    }
}

/// An empty folder says nothing; one that is not empty, or that cannot be removed, may stay.
fn remove_if_empty(folder: &Path) {
    let _ = fs::remove_dir(folder);
}

/// Whether the log in the store once had this head.
fn is_ours(store: &Store, log: LogNumber, head: &ClaimedHead, newest: u64) -> Result<bool, store::Error> {
    if head.size > newest {
        return Ok(false);
    }
    let root = store.snapshot(|tx| proof::root_at(head.size, &tx.log_nodes(log)).map_err(read_error))?;
    Ok(root == head.root)
}

/// Which of the store's logs a checkpoint is of.
pub(super) fn log_of(store: &Store, note: &str) -> Result<LogNumber, FollowError> {
    let origin = claimed_origin(note).ok_or(FollowError::Checkpoint)?;
    let held = store.snapshot(|tx| tx.log_named(&origin))?;
    Ok(held.ok_or(store::Error::Corrupt("the log is not in its database"))?.number)
}

/// The bytes of one file, each read in a short snapshot of its own.
fn content(store: &Store, log: LogNumber, file: TileFile, size: u64) -> Result<Vec<u8>, store::Error> {
    store.snapshot(|tx| match file.kind {
        TileKind::Entries => {
            let leaves = tx.log_leaves(log, file.first(), i64::from(file.width))?;
            let whole = leaves.len() == usize::from(file.width);
            whole
                .then(|| tiles::encode_bundle(leaves.iter().map(Vec::as_slice)))
                .flatten()
                .ok_or(store::Error::Corrupt("entries of the log are missing or too long"))
        }
        TileKind::Hashes(level) => {
            let count = size >> (u32::from(level) * crate::ledger::tree::TILE_HEIGHT);
            let hashes =
                proof::tile_hashes(&tx.log_nodes(log), level, file.index, count).map_err(read_error)?;
            Ok(hashes.iter().flat_map(|hash| *hash.as_bytes()).collect())
        }
    })
}

fn read_error(error: ReadError<store::Error>) -> store::Error {
    match error {
        ReadError::Store(error) => error,
        _ => store::Error::Corrupt("the log lacks some of its nodes"),
    }
}
