//! What can be wrong with the log's tables, and where.

use std::fmt;

use crate::ledger::entry::{LeafError, Part};
use crate::ledger::note::NoteError;
use crate::ledger::verify::Verdict;

/// Findings that are kept; more are counted only.
const MAX_FINDINGS: usize = 100;

/// What was seen of the log in the database.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many entries were read.
    pub entries: u64,
    /// How many of them could be opened in full, and are what their leaves commit to.
    pub opened: u64,
    /// Of how many the person's part was erased; the rest of them was opened.
    pub erased: u64,
    /// How many rows lead to entries.
    pub index_rows: u64,
    /// How many data keys there are.
    pub keys: u64,
    /// How many checkpoints that witnesses cosigned.
    pub checkpoints: u64,
    /// How many cosignatures hold.
    pub cosignatures: u64,
    /// How many are by witnesses whose keys are not known here, so that nothing is said of them.
    pub unknown_witnesses: u64,
    /// How many heads and checkpoints kept outside the database are of trees that it had.
    pub anchors: u64,
    /// What is wrong, in the order in which it was met; at most 100.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub more_findings: u64,
}

impl Report {
    /// The worst of the findings; `None` if all is well.
    pub fn verdict(&self) -> Option<Verdict> {
        self.findings.iter().map(|finding| finding.problem.verdict()).max()
    }

    pub(super) fn find(&mut self, place: impl Into<String>, problem: Problem) {
        let is_worse = self.verdict() < Some(problem.verdict());
        if self.findings.len() < MAX_FINDINGS || is_worse {
            self.findings.push(Finding { place: place.into(), problem });
        } else {
            self.more_findings += 1;
        }
    }
}

/// Something wrong, and in which row of which table, or in what that is kept outside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: String,
    /// What.
    pub problem: Problem,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// What is wrong. Holds nothing of what a row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// The check was stopped before its end.
    #[error("stopped before entry {at}: from there on nothing was checked")]
    Stopped {
        /// The first entry that was not checked.
        at: u64,
    },
    /// A value of a type that the gateway does not write there.
    #[error("holds what the gateway never writes")]
    Foreign,
    /// There is not exactly one head.
    #[error("there must be one head, of the one log")]
    Heads,
    /// The head is not that of the leaves.
    #[error("{column} is not that of the tree over the leaves")]
    Head {
        /// Which column.
        column: &'static str,
    },
    /// Entries that must be there are not.
    #[error("entries from {from} to before {until} are missing")]
    Gap {
        /// The first.
        from: u64,
        /// The one after the last.
        until: u64,
    },
    /// A row at a place where the log has none.
    #[error("stands where the log has no entry")]
    NoPlace,
    /// The column `entry_id`.
    #[error("entry_id is not the id in the leaf")]
    EntryId,
    /// The column `leaf_hash`.
    #[error("leaf_hash is not the hash of the leaf")]
    LeafHash,
    /// The bytes of an entry are not a leaf.
    #[error("{0}")]
    Leaf(LeafError),
    /// An entry names another log.
    #[error("belongs to another log")]
    Origin,
    /// A full tile that is not there.
    #[error("is missing")]
    TileMissing,
    /// A tile that is not what lies below it.
    #[error("is not the hashes of what lies below it")]
    Tile,
    /// The encrypted fields of an entry are not there.
    #[error("has no row: the entry cannot be opened")]
    NoFields,
    /// A key that is not there.
    #[error("the key of {} is not there, and no erasure is on record for it", name(*.0))]
    NoKey(Part),
    /// A part that does not decrypt.
    #[error("{} does not decrypt: altered, or of another entry", name(*.0))]
    Unreadable(Part),
    /// A part that decrypts to something else than fields.
    #[error("{} does not hold the fields of an entry", name(*.0))]
    Malformed(Part),
    /// The fields are not those of the leaf.
    #[error("the fields are not what the leaf commits to")]
    NotCommitted,
    /// What the entry was erased by is no erasure.
    #[error("erased_by does not name an entry of an erasure")]
    ErasedBy,
    /// Something of the person is left.
    #[error("was erased, but the person's part is still there")]
    NotErased,
    /// Rows that lead to entries are missing, too many, or others.
    #[error("the rows that lead to these entries are not those that their fields call for")]
    Index,
    /// A data key that does not unwrap.
    #[error("does not unwrap: altered, of another owner, or under a key that the ring lacks")]
    Wrapped,
    /// A row on who is one person without the seal of a gateway.
    #[error("was written or altered by no gateway")]
    Seal,
    /// A checkpoint that does not open.
    #[error("{0}")]
    Checkpoint(NoteError),
    /// A checkpoint under another size than its own.
    #[error("size is not that of the note")]
    CheckpointSize,
    /// A checkpoint of another log.
    #[error("is of another log")]
    OtherLog,
    /// Nobody cosigned it, which is why it would be kept.
    #[error("has no cosignature")]
    NoCosignature,
    /// A cosignature that does not hold, or that stands under another witness.
    #[error("is not that witness's cosignature of this checkpoint")]
    Cosignature,
    /// Cosignatures of no checkpoint.
    #[error("{count} rows belong to no checkpoint")]
    Orphans {
        /// How many.
        count: u64,
    },
    /// A checkpoint that the static directory keeps, and the database not, or not with all its lines.
    #[error("is not in the database as it is kept outside")]
    NotKept,
    /// A head kept outside that the database never had.
    #[error("the database had another tree of {size} entries")]
    Contradicts {
        /// The size.
        size: u64,
    },
    /// The same, and the log's key signed both.
    #[error("FORK: the log's key signed another tree of {size} entries, and one that extends the database's")]
    Fork {
        /// The size.
        size: u64,
    },
    /// A head kept outside that is longer than the database.
    #[error(
        "is of {size} entries, and the database has only {found}: its end was cut off, or it is an old copy"
    )]
    TooShort {
        /// How many entries were signed.
        size: u64,
        /// How many there are.
        found: u64,
    },
}

const fn name(part: Part) -> &'static str {
    match part {
        Part::Person => "person_part",
        Part::Rest => "rest_part",
    }
}

impl Problem {
    /// How bad it is.
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Stopped { .. } => Verdict::Incomplete,
            Self::Fork { .. } => Verdict::Fork,
            _ => Verdict::Tampered,
        }
    }
}
