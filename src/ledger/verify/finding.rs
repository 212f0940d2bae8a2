//! What can be wrong with a log, where it is, and how bad that is.

use std::fmt;
use std::ops::Range;

use crate::ledger::entry::LeafError;
use crate::ledger::note::NoteError;

/// How bad a finding is, from the mildest to the worst; each has its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Files that the checkpoint calls for are not there: nothing false was seen, not all could be checked.
    Incomplete,
    /// Bytes are not those that were signed.
    Tampered,
    /// The log's keys signed two histories.
    Fork,
}

impl Verdict {
    /// The exit code of the auditor's commands. 20 (too few cosignatures) and 50 (late or back-dated) need witnesses.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Incomplete => 40,
            Self::Tampered => 10,
            Self::Fork => 30,
        }
    }

    /// One word for it, as reports write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::Tampered => "tampered",
            Self::Fork => "fork",
        }
    }
}

/// Something wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub place: Place,
    /// What.
    pub problem: Problem,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

/// A place in a static log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The file, relative to the log's root.
    pub file: String,
    /// The entry's index, where it is one entry.
    pub entry: Option<u64>,
    /// The bytes of the file, where it is not the whole.
    pub bytes: Option<Range<usize>>,
}

impl Place {
    pub(super) const fn file(file: String) -> Self {
        Self { file, entry: None, bytes: None }
    }

    pub(super) const fn range(file: String, bytes: Range<usize>) -> Self {
        Self { file, entry: None, bytes: Some(bytes) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(entry) = self.entry {
            write!(f, "entry {entry}, ")?;
        }
        f.write_str(&self.file)?;
        match &self.bytes {
            Some(bytes) => write!(f, ", bytes {}..{}", bytes.start, bytes.end),
            None => Ok(()),
        }
    }
}

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// A file is not there.
    #[error("is missing")]
    Missing,
    /// The checkpoint does not open.
    #[error("{0}")]
    Checkpoint(NoteError),
    /// An entry bundle ends within an entry.
    #[error("ends within an entry")]
    CutOff,
    /// A bundle or tile holds more or fewer items than it must.
    #[error("holds {found} items, not {expected}")]
    Count {
        /// As many as the checkpoint's size calls for.
        expected: usize,
        /// As many as there are.
        found: usize,
    },
    /// The bytes of an entry are not a leaf.
    #[error("{0}")]
    Leaf(LeafError),
    /// An entry names another log.
    #[error("belongs to another log")]
    Origin,
    /// An entry id occurs a second time.
    #[error("has the same id as entry {earlier}")]
    RepeatedId {
        /// The index of the first.
        earlier: u64,
    },
    /// An entry and the hash of it in the tile disagree.
    #[error("does not have the hash that the tile of leaf hashes gives for it")]
    EntryHash,
    /// A node of a tile is not the hash of what is below it.
    #[error("is not the hash of what lies below it")]
    NodeHash,
    /// The entries lead to another root than the signed one.
    #[error("the entries do not lead to the signed root")]
    Root,
}

impl Problem {
    /// How bad it is.
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Missing => Verdict::Incomplete,
            Self::Checkpoint(_)
            | Self::CutOff
            | Self::Count { .. }
            | Self::Leaf(_)
            | Self::Origin
            | Self::RepeatedId { .. }
            | Self::EntryHash
            | Self::NodeHash
            | Self::Root => Verdict::Tampered,
        }
    }
}
