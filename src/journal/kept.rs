//! Earlier checkpoints of the static log directory, `checkpoints/<size>`: one a minute of those that a quorum of witnesses cosigned.
//!
//! They bracket the time of each entry for whoever verifies the directory. They come from the database, so that a directory
//! that is built anew gets them too; none is ever removed, for what contradicts the log is evidence.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use jiff::{SignedDuration, Timestamp};

use super::follower::{FollowError, log_of};
use crate::ledger::note::{claimed_head, claimed_times};
use crate::store::Store;

/// How far apart in time two of them are at least, by the witnesses' clocks.
const APART: SignedDuration = SignedDuration::from_mins(1);

/// The folder, and how far it was brought.
pub(super) struct KeptCheckpoints {
    root: PathBuf,
    /// The size of the checkpoint that was looked at last, and the time of the one that was kept last; `None` until the
    /// folder was looked into.
    reached: Option<Reached>,
    /// The checkpoint that was last shown.
    shown: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Reached {
    size: u64,
    kept_at: Option<Timestamp>,
}

impl KeptCheckpoints {
    /// The folder in this log directory; nothing is read or written yet.
    pub(super) fn new(directory: &Path) -> Self {
        Self { root: directory.to_owned(), reached: None, shown: 0 }
    }

    /// Keeps what lies before the checkpoint that is shown now, whose own lines may not all be there yet. Without witnesses
    /// there is nothing to keep.
    ///
    /// # Errors
    /// When the database or the disk fails; the next call goes on from there.
    pub(super) fn follow(&mut self, store: &Store, note: &str, quorum: usize) -> Result<(), FollowError> {
        let shown = claimed_head(note).ok_or(FollowError::Checkpoint)?.size;
        if quorum == 0 || shown == self.shown {
            return Ok(());
        }
        let mut reached = match self.reached {
            Some(reached) => reached,
            None => self.look_into()?,
        };
        let log = log_of(store, note)?;
        loop {
            let page = store.snapshot(|tx| tx.checkpoints_cosigned(log, reached.size, shown, quorum))?;
            for checkpoint in page.checkpoints {
                let at = claimed_times(&checkpoint.note).into_iter().min();
                let is_due = match (reached.kept_at, at) {
                    (Some(before), Some(at)) => at.duration_since(before) >= APART,
                    _ => true,
                };
                if is_due {
                    self.keep(checkpoint.size, &checkpoint.note)?;
                    reached.kept_at = at;
                }
                reached.size = checkpoint.size;
                self.reached = Some(reached);
            }
            match page.next {
                Some(next) => reached.size = next,
                None => break,
            }
        }
        self.reached = Some(reached);
        self.shown = shown;
        Ok(())
    }

    /// The newest that is there already.
    fn look_into(&self) -> io::Result<Reached> {
        let folder = self.root.join("checkpoints");
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Reached::default()),
            Err(error) => return Err(error),
        };
        let mut newest = 0;
        for entry in entries {
            let size = entry?.file_name().to_str().and_then(|name| name.parse::<u64>().ok());
            newest = newest.max(size.unwrap_or(0));
        }
        let note = match fs::read_to_string(folder.join(newest.to_string())) {
            Ok(note) => note,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => return Err(error),
        };
        Ok(Reached { size: newest, kept_at: claimed_times(&note).into_iter().min() })
    }

    /// Writes one, whole or not at all. What is unfinished lies where an unfinished checkpoint of the directory would.
    fn keep(&self, size: u64, note: &str) -> io::Result<()> {
        let folder = self.root.join("checkpoints");
        fs::create_dir_all(&folder)?;
        let unfinished = self.root.join("checkpoint.unfinished");
        let mut file = File::create(&unfinished)?;
        file.write_all(note.as_bytes())?;
        file.sync_all()?;
        fs::rename(&unfinished, folder.join(size.to_string()))?;
        File::open(&folder)?.sync_all()?;
        File::open(&self.root)?.sync_all()
    }
}
