//! What is known of a log outside its database: the heads that were signed, and checkpoints with their signatures.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::RecoverError;
use crate::config::Config;
use crate::gateway::{HEAD_FILES, beside};
use crate::journal::{kept_head, signed_head};
use crate::ledger::note::{ClaimedHead, VerifierKey};
use crate::ledger::proof::root_at;
use crate::ledger::receipt::Receipt;
use crate::ledger::tiles::CHECKPOINT_PATH;
use crate::store::head::HeldLog;
use crate::store::{self, Store};

/// A checkpoint that a key of the log signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SignedNote {
    pub(super) head: ClaimedHead,
    pub(super) text: String,
}

/// All of it.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Heads of which the signature is not at hand, from the files of last signed heads.
    heads: Vec<ClaimedHead>,
    notes: Vec<SignedNote>,
}

impl Known {
    /// Gathers it from the head files, the static log directory, the database and the files that are given.
    pub(super) fn gather(
        config: &Config,
        store: &Store,
        log: &HeldLog,
        keys: &[VerifierKey],
        given: &[PathBuf],
    ) -> Result<Self, RecoverError> {
        let mut known = Self::default();
        for suffix in HEAD_FILES {
            let path = beside(&config.log.head_file, suffix);
            match kept_head(&path) {
                Ok(head) => known.heads.extend(head),
                // A damaged one tells nothing more; it is kept aside with the rest.
                Err(error) if error.kind() == io::ErrorKind::InvalidData => {}
                Err(source) => return Err(RecoverError::File { path, source }),
            }
        }
        for path in in_directory(&config.log.directory) {
            let text = fs::read_to_string(&path).unwrap_or_default();
            known.notes.extend(signed_note(text, keys));
        }
        let kept = store.snapshot(|tx| tx.checkpoint_newest(log.number, 1))?;
        known.notes.extend(kept.and_then(|kept| signed_note(kept.note, keys)));
        for path in given {
            let text = fs::read_to_string(path)
                .map_err(|source| RecoverError::File { path: path.clone(), source })?;
            let note = signed_note(checkpoint_in(text), keys);
            known.notes.push(note.ok_or_else(|| RecoverError::NotACheckpoint { path: path.clone() })?);
        }
        Ok(known)
    }

    /// Every head that was signed.
    pub(super) fn heads(&self) -> Vec<ClaimedHead> {
        self.heads.iter().copied().chain(self.notes.iter().map(|note| note.head)).collect()
    }

    /// The largest of them.
    pub(super) fn largest(&self) -> Option<ClaimedHead> {
        self.heads().into_iter().max_by_key(|head| head.size)
    }

    /// The last checkpoint that was signed; of several copies of it, that with the most cosignatures.
    pub(super) fn last(&self) -> Option<&SignedNote> {
        self.notes.iter().max_by_key(|note| (note.head.size, note.text.len()))
    }

    /// The checkpoints that the log in the database agrees with, by size: receipts of its entries can be made from them.
    pub(super) fn that_hold(&self, store: &Store, log: &HeldLog) -> Result<Vec<(u64, String)>, store::Error> {
        let mut hold = Vec::new();
        for note in self.notes.iter().filter(|note| note.head.size <= log.size) {
            let ClaimedHead { size, root } = note.head;
            let found =
                store.snapshot(|tx| Ok::<_, store::Error>(root_at(size, &tx.log_nodes(log.number)).ok()))?;
            if found == Some(root) {
                hold.push((size, note.text.clone()));
            }
        }
        Ok(hold)
    }
}

fn signed_note(text: String, keys: &[VerifierKey]) -> Option<SignedNote> {
    signed_head(&text, keys).map(|head| SignedNote { head, text })
}

/// The checkpoint of a static log directory, and the earlier ones that it keeps.
fn in_directory(directory: &Path) -> Vec<PathBuf> {
    let kept = fs::read_dir(directory.join("checkpoints"));
    let kept = kept.into_iter().flatten().flatten().map(|entry| entry.path());
    std::iter::once(directory.join(CHECKPOINT_PATH)).chain(kept).collect()
}

/// The checkpoint in a file: a note, a receipt, or what a witness remembers, which begins with a line of its own.
fn checkpoint_in(text: String) -> String {
    if let Ok(receipt) = Receipt::parse(&text).or_else(|_| Receipt::parse_header(text.trim())) {
        return receipt.checkpoint;
    }
    match text.split_once('\n') {
        Some((sum, note)) if sum.len() == 64 && sum.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            note.to_owned()
        }
        _ => text,
    }
}
