//! Taking up the log where the database has it: only as the continuation of what was signed last.

use super::batch::{self, Failed};
use super::head_file::{HeadFile, HeadFileError, SignedHead};
use super::writer::LogIdentity;
use crate::ledger::proof;
use crate::ledger::tree::{ReadError, Tree};
use crate::store::backend::AnyConnection;
use crate::store::{self, log, replay};

/// Takes up the log after a start or a failure: nothing in memory counts, and nothing is signed before this is through.
pub(super) fn take_up(
    connection: &mut AnyConnection,
    identity: &LogIdentity,
) -> Result<(Tree, HeadFile), Failed> {
    // Before the database is looked at: what is signed by now, it must have by then.
    let mut head_file = HeadFile::open(&identity.head_file)?;
    let mut signed: Vec<SignedHead> = head_file.last().into_iter().collect();
    for other in &identity.others {
        match HeadFile::last_of(other) {
            // Another user's, as of a command that root ran: as good as on another host.
            Err(HeadFileError::Io(error)) if error.kind() == std::io::ErrorKind::PermissionDenied => {
                tracing::debug!(path = %other.display(), "what another process signed cannot be read");
            }
            last => signed.extend(last?),
        }
    }
    connection.harden()?;
    // Under the lock, so that no other gateway moves the head between its reading and that of its nodes.
    connection.begin_batch().map_err(store::Error::from)?;
    let taken_up = resume(connection, &signed).and_then(|tree| {
        replay::mark(connection)?;
        Ok(tree)
    });
    let tree = match taken_up {
        Ok(tree) => tree,
        Err(failed) => {
            connection.rollback().map_err(store::Error::from)?;
            return Err(failed);
        }
    };
    // A database that takes this takes entries too, and what it had committed before is durable by it.
    connection.commit().map_err(|error| Failed::Unknown(error.into()))?;
    head_file.keep(SignedHead { size: tree.size(), root: tree.root() }).map_err(Failed::Unkept)?;
    Ok((tree, head_file))
}

impl From<HeadFileError> for Failed {
    fn from(error: HeadFileError) -> Self {
        match error {
            HeadFileError::Spoilt => Self::Diverged("the file of the last signed head cannot be read"),
            HeadFileError::Io(error) => Self::Unkept(error),
        }
    }
}

/// The tree as the database has it, if it extends every head that was signed.
fn resume(connection: &mut AnyConnection, signed: &[SignedHead]) -> Result<Tree, Failed> {
    let head = log::head_lock(connection)?;
    let nodes = log::StoredNodes(std::cell::RefCell::new(connection));
    let tree = Tree::resume(head.size, &nodes)?;
    if tree.root() != head.root {
        return Err(Failed::Diverged("the log in the database contradicts its own head"));
    }
    for signed in signed {
        if signed.size > head.size {
            return Err(Failed::Diverged("the log in the database is shorter than what was signed"));
        }
        if proof::root_at(signed.size, &nodes)? != signed.root {
            return Err(Failed::Diverged("the log in the database is not the one that was signed"));
        }
    }
    Ok(tree)
}

impl From<ReadError<store::Error>> for Failed {
    fn from(error: ReadError<store::Error>) -> Self {
        match error {
            ReadError::Store(error) if !matches!(error, store::Error::Corrupt(_)) => Self::Before(error),
            // Lost or misshapen nodes do not come back by trying again.
            _ => Self::Diverged("the log in the database lacks some of its nodes"),
        }
    }
}

/// The tree with what other processes have appended to it by now; `None` if nothing.
pub(super) fn grown(connection: &mut AnyConnection, tree: &Tree) -> Result<Option<Tree>, Failed> {
    if log::head_size(connection)? == tree.size() {
        return Ok(None);
    }
    connection.begin_batch().map_err(store::Error::from)?;
    let caught_up = log::head_lock(connection)
        .map_err(Failed::from)
        .and_then(|head| batch::catch_up(connection, tree.clone(), &head));
    connection.rollback().map_err(store::Error::from)?;
    caught_up.map(Some)
}
