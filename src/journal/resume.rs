//! Taking up the log where the database has it: only as the continuation of what was signed last.

use super::batch::{self, CLOSED, Failed};
use super::head_file::{HeadFile, HeadFileError};
use super::signed::LogIdentity;
use crate::ledger::note::ClaimedHead;
use crate::ledger::proof;
use crate::ledger::tree::{ReadError, Tree};
use crate::store::backend::AnyConnection;
use crate::store::log::StoredNodes;
use crate::store::log_number::LogNumber;
use crate::store::{self, Store, head, replay};

/// The log of the signing key, which must be the one that is written to, or the one that comes after it.
pub(super) fn our_log(connection: &mut AnyConnection, identity: &LogIdentity) -> Result<LogNumber, Failed> {
    if identity.begins {
        let (current, _) = head::head_size(connection)?;
        return Ok(current.next()?);
    }
    let origin = identity.key.name();
    let current = head::head_ensure(connection, origin)?;
    if current.origin == origin {
        return Ok(current.number);
    }
    Err(Failed::Diverged(match head::log_named(connection, origin)? {
        Some(_) => CLOSED,
        None => "the log in the database has another name than this gateway's signing key",
    }))
}

/// Takes up the log after a start or a failure: nothing in memory counts, and nothing is signed before this is through.
pub(super) fn take_up(
    connection: &mut AnyConnection,
    log: LogNumber,
    identity: &LogIdentity,
) -> Result<(Tree, HeadFile), Failed> {
    // Before the database is looked at: what is signed by now, it must have by then.
    let mut head_file = HeadFile::open(&identity.head_file)?;
    connection.harden()?;
    if identity.begins {
        return Ok((Tree::new(), head_file));
    }
    let signed = identity.signed_heads(&head_file)?;
    // Under the lock, so that no other gateway moves the head between its reading and that of its nodes.
    connection.begin_batch().map_err(store::Error::from)?;
    let taken_up = resume(connection, log, &signed).and_then(|tree| {
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
    head_file.keep(ClaimedHead { size: tree.size(), root: tree.root() }).map_err(Failed::Unkept)?;
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
fn resume(connection: &mut AnyConnection, log: LogNumber, signed: &[ClaimedHead]) -> Result<Tree, Failed> {
    let head = head::head_lock(connection)?;
    if head.log != log {
        return Err(Failed::Diverged(CLOSED));
    }
    let nodes = StoredNodes::new(connection, log);
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

/// What is wrong with the log that is written to, held against heads that were signed; `None` if it continues them all.
///
/// # Errors
/// When the database fails.
pub fn diagnose(
    store: &Store,
    log: LogNumber,
    signed: &[ClaimedHead],
) -> Result<Option<&'static str>, store::Error> {
    let mut connection = store.writer()?;
    connection.begin_batch()?;
    let resumed = resume(&mut connection, log, signed);
    connection.rollback()?;
    match resumed {
        Ok(_) => Ok(None),
        Err(Failed::Diverged(reason)) => Ok(Some(reason)),
        Err(Failed::Before(error) | Failed::Unknown(error)) => Err(error),
        Err(Failed::Unkept(_)) => Err(store::Error::Corrupt("nothing was to be kept")),
    }
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
pub(super) fn grown(
    connection: &mut AnyConnection,
    log: LogNumber,
    tree: &Tree,
) -> Result<Option<Tree>, Failed> {
    if head::head_size(connection)? == (log, tree.size()) {
        return Ok(None);
    }
    connection.begin_batch().map_err(store::Error::from)?;
    let caught_up = head::head_lock(connection)
        .map_err(Failed::from)
        .and_then(|head| batch::catch_up(connection, log, tree.clone(), &head));
    connection.rollback().map_err(store::Error::from)?;
    caught_up.map(Some)
}
