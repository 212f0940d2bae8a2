//! What a witness remembers: the last checkpoint that it cosigned of each log, one small file each, replaced in one step.
//!
//! A file is a line with the SHA-256 of the rest, and the signed checkpoint verbatim, so that it is evidence too.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::ledger::Hash;
use crate::ledger::note::{claimed_head, claimed_origin};
use crate::ledger::witness::Seen;

/// The end of the name of a file that is not whole yet.
const UNFINISHED: &str = "unfinished";
/// Proofs of forks that are kept; whoever sends more sends nothing new.
const MOST_PROOFS: usize = 100;

/// Why there is no memory to work with.
#[derive(Debug, thiserror::Error)]
pub enum MemoryError {
    /// No folder: a new witness is made by `witness init`, and one that lost its folder must not go on under its key.
    #[error(
        "{path} is not there; if this witness ever cosigned anything, its memory is lost: retire the key, and make a new \
         witness with `throughgate witness init`"
    )]
    Missing {
        /// The folder.
        path: PathBuf,
    },
    /// Another process has it.
    #[error("{path} is in use by another witness")]
    Busy {
        /// The folder.
        path: PathBuf,
    },
    /// A file is not what was written there.
    #[error("{path} is damaged; restore it from nothing older, or retire the key of this witness")]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The disk.
    #[error("{path} cannot be read or written")]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// The folder, held by this process alone.
#[derive(Debug)]
pub struct Memory {
    folder: PathBuf,
    _lock: File,
}

impl Memory {
    /// Opens the folder.
    ///
    /// # Errors
    /// When it is not there, cannot be written, or another process holds it.
    pub fn open(folder: &Path) -> Result<Self, MemoryError> {
        if !folder.is_dir() {
            return Err(MemoryError::Missing { path: folder.to_owned() });
        }
        let path = folder.join("lock");
        let lock = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
        let lock = lock.map_err(|source| MemoryError::Io { path, source })?;
        lock.try_lock().map_err(|_| MemoryError::Busy { path: folder.to_owned() })?;
        Ok(Self { folder: folder.to_owned(), _lock: lock })
    }

    /// What was last cosigned of a log; it is durable when this returns, though the process before may have been killed
    /// over it.
    ///
    /// # Errors
    /// When the file cannot be read, or is not what was written.
    pub fn seen(&self, origin: &str) -> Result<Seen, MemoryError> {
        let path = self.file(origin);
        let read = || -> io::Result<Option<String>> {
            match File::open(&path) {
                Ok(file) => {
                    file.sync_all()?;
                    File::open(&self.folder)?.sync_all()?;
                    io::read_to_string(file).map(Some)
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
                Err(error) => Err(error),
            }
        };
        let text = match read() {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(Seen::NOTHING),
            Err(error) if error.kind() == io::ErrorKind::InvalidData => {
                return Err(MemoryError::Damaged { path });
            }
            Err(source) => return Err(MemoryError::Io { path, source }),
        };
        parse(&text, origin).ok_or(MemoryError::Damaged { path })
    }

    /// Keeps a signed checkpoint as the last one of its log; it is durable when this returns.
    ///
    /// # Errors
    /// When the disk refuses. Then either the old or the new one is kept, and [`Self::seen`] tells which.
    pub fn keep(&self, origin: &str, checkpoint: &str) -> Result<(), MemoryError> {
        let path = self.file(origin);
        let unfinished = path.with_extension(UNFINISHED);
        let write = || {
            let mut file = File::create(&unfinished)?;
            file.write_all(print(checkpoint).as_bytes())?;
            file.sync_all()?;
            fs::rename(&unfinished, &path)?;
            File::open(&self.folder)?.sync_all()
        };
        write().map_err(|source| MemoryError::Io { path, source })
    }

    /// Keeps two signed checkpoints that contradict each other, the newer beside the one that was cosigned. Answers the file.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn keep_proof(&self, origin: &str, contradicting: &str) -> Result<PathBuf, MemoryError> {
        let folder = self.folder.join("forks");
        let name = Hash::sha256(contradicting.as_bytes());
        let path = folder.join(format!("{name}.txt"));
        let write = || {
            fs::create_dir_all(&folder)?;
            if path.exists() || fs::read_dir(&folder)?.count() >= MOST_PROOFS {
                return Ok(());
            }
            let cosigned = fs::read_to_string(self.file(origin)).unwrap_or_default();
            let cosigned = cosigned.split_once('\n').map_or("", |(_, note)| note);
            let mut file = File::create(&path)?;
            file.write_all(format!("{cosigned}\n\n{contradicting}").as_bytes())?;
            file.sync_all()
        };
        write().map_err(|source| MemoryError::Io { path: path.clone(), source })?;
        Ok(path)
    }

    fn file(&self, origin: &str) -> PathBuf {
        self.folder.join(format!("{}.checkpoint", Hash::sha256(origin.as_bytes())))
    }
}

fn print(checkpoint: &str) -> String {
    format!("{}\n{checkpoint}", Hash::sha256(checkpoint.as_bytes()))
}

fn parse(text: &str, origin: &str) -> Option<Seen> {
    let (sum, checkpoint) = text.split_once('\n')?;
    let whole = sum == Hash::sha256(checkpoint.as_bytes()).to_string();
    let head = claimed_head(checkpoint)?;
    let ours = claimed_origin(checkpoint)? == origin;
    (whole && ours).then_some(Seen { size: head.size, root: head.root })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ledger::note::SigningKey;

    const ORIGIN: &str = "northmoor.example/log";

    fn checkpoint(size: u64) -> (String, Seen) {
        let key = SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap();
        let root = Hash::sha256(&size.to_be_bytes());
        (key.sign(&key.checkpoint(size, root)), Seen { size, root })
    }

    #[test]
    fn what_was_kept_is_remembered_by_the_next_process_and_for_its_log_alone() {
        let dir = tempfile::tempdir().unwrap();
        for size in [1, 5, 7] {
            let memory = Memory::open(dir.path()).unwrap();
            assert_eq!(memory.seen("eastvale.example/log").unwrap(), Seen::NOTHING);
            memory.keep(ORIGIN, &checkpoint(size).0).unwrap();
            drop(memory);
            assert_eq!(Memory::open(dir.path()).unwrap().seen(ORIGIN).unwrap(), checkpoint(size).1);
        }
        // What a kill left half written is nobody's.
        let memory = Memory::open(dir.path()).unwrap();
        fs::write(memory.file(ORIGIN).with_extension(UNFINISHED), "half").unwrap();
        assert_eq!(memory.seen(ORIGIN).unwrap(), checkpoint(7).1);
    }

    #[test]
    fn a_damaged_memory_is_no_empty_memory() {
        let dir = tempfile::tempdir().unwrap();
        let memory = Memory::open(dir.path()).unwrap();
        memory.keep(ORIGIN, &checkpoint(5).0).unwrap();
        let whole = fs::read(memory.file(ORIGIN)).unwrap();
        for at in 0..whole.len() {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            fs::write(memory.file(ORIGIN), bytes).unwrap();
            assert!(matches!(memory.seen(ORIGIN), Err(MemoryError::Damaged { .. })), "byte {at}");
        }
        fs::write(memory.file(ORIGIN), "").unwrap();
        assert!(matches!(memory.seen(ORIGIN), Err(MemoryError::Damaged { .. })));
        // The file of one log in the place of another's.
        fs::write(memory.file("eastvale.example/log"), whole).unwrap();
        assert!(matches!(memory.seen("eastvale.example/log"), Err(MemoryError::Damaged { .. })));
    }

    #[test]
    fn a_lost_folder_or_one_in_use_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(Memory::open(&dir.path().join("gone")), Err(MemoryError::Missing { .. })));
        let first = Memory::open(dir.path()).unwrap();
        assert!(matches!(Memory::open(dir.path()), Err(MemoryError::Busy { .. })));
        drop(first);
        assert!(Memory::open(dir.path()).is_ok());
    }

    #[test]
    fn proofs_of_a_fork_are_kept_once_and_not_without_end() {
        let dir = tempfile::tempdir().unwrap();
        let memory = Memory::open(dir.path()).unwrap();
        memory.keep(ORIGIN, &checkpoint(5).0).unwrap();
        for size in (0..300).chain(0..300) {
            memory.keep_proof(ORIGIN, &checkpoint(size).0).unwrap();
        }
        assert_eq!(fs::read_dir(dir.path().join("forks")).unwrap().count(), MOST_PROOFS);
        let proof = fs::read_to_string(memory.keep_proof(ORIGIN, &checkpoint(0).0).unwrap()).unwrap();
        assert!(proof.contains(&checkpoint(5).0) && proof.contains(&checkpoint(0).0));
    }
}
