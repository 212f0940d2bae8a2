//! Taking up the log where the database has it: only as the continuation of what was signed last.

use super::batch::{self, Failed};
use super::head_file::SignedHead;
use crate::ledger::proof;
use crate::ledger::tree::{ReadError, Tree};
use crate::store::backend::AnyConnection;
use crate::store::{self, log};

/// The tree as the database has it, if it extends the last head that was signed.
pub(super) fn resume(connection: &mut AnyConnection, signed: Option<SignedHead>) -> Result<Tree, Failed> {
    let head = log::head_lock(connection)?;
    let nodes = log::StoredNodes(std::cell::RefCell::new(connection));
    let tree = Tree::resume(head.size, &nodes)?;
    if tree.root() != head.root {
        return Err(Failed::Diverged("the log in the database contradicts its own head"));
    }
    let Some(signed) = signed else { return Ok(tree) };
    if signed.size > head.size {
        return Err(Failed::Diverged("the log in the database is shorter than what was signed"));
    }
    if proof::root_at(signed.size, &nodes)? == signed.root {
        Ok(tree)
    } else {
        Err(Failed::Diverged("the log in the database is not the one that was signed"))
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
