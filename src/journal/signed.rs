//! What is known outside the database to have been signed: the database must continue all of it, or it is not the one it was.

use std::io;
use std::path::{Path, PathBuf};

use super::head_file::{HeadFile, HeadFileError};
use crate::ledger::note::{Checkpoint, ClaimedHead, SigningKey, VerifierKey};
use crate::ledger::tiles::CHECKPOINT_PATH;

/// What the journal needs to know of the deployment's log.
#[derive(Debug)]
pub struct LogIdentity {
    /// The key that signs its checkpoints; its name is their origin line.
    pub key: SigningKey,
    /// The file that keeps the last signed head.
    pub head_file: PathBuf,
    /// Files of the same kind that other processes of this host write: an operator's command, the gateway.
    pub other_head_files: Vec<PathBuf>,
    /// The static log directory.
    pub directory: PathBuf,
    /// Whether the key is that of a log which the first entry is to begin, in place of the one that is written to.
    pub begins: bool,
}

impl LogIdentity {
    /// The heads that were signed: that of the open file, those of the others, and that of the static directory's checkpoint.
    ///
    /// # Errors
    /// When a file of a head cannot be read, or holds something else.
    pub(super) fn signed_heads(&self, own: &HeadFile) -> Result<Vec<ClaimedHead>, HeadFileError> {
        let mut heads: Vec<ClaimedHead> = own.last().into_iter().collect();
        for path in &self.other_head_files {
            match HeadFile::look(path) {
                // Another user's, as of a command that root ran: as good as on another host.
                Err(HeadFileError::Io(error)) if error.kind() == io::ErrorKind::PermissionDenied => {
                    tracing::debug!(path = %path.display(), "what another process signed cannot be read");
                }
                last => heads.extend(last?),
            }
        }
        let note = read_checkpoint(&self.directory);
        heads.extend(note.and_then(|note| signed_head(&note, &[self.key.verifier()])));
        Ok(heads)
    }
}

/// The head of a checkpoint that one of these keys signed.
pub fn signed_head(note: &str, keys: &[VerifierKey]) -> Option<ClaimedHead> {
    let Checkpoint { size, root, .. } = Checkpoint::open(note, keys).ok()?;
    Some(ClaimedHead { size, root })
}

/// The last head that a file of a signed head has; `None` if there is no file, or nothing in it.
///
/// # Errors
/// When it cannot be read, or holds something else.
pub fn kept_head(path: &Path) -> io::Result<Option<ClaimedHead>> {
    Ok(HeadFile::look(path)?)
}

/// The checkpoint in a static log directory. One that cannot be read says nothing; the follower writes it anew.
fn read_checkpoint(directory: &Path) -> Option<String> {
    std::fs::read_to_string(directory.join(CHECKPOINT_PATH)).ok()
}
