//! What can be wrong with a log, where it is, and how bad that is.

use std::fmt;
use std::ops::Range;

use jiff::Timestamp;

use crate::ledger::entry::LeafError;
use crate::ledger::note::NoteError;
use crate::ledger::recovery::RecoveryError;

/// How bad a finding is, from the mildest to the worst; each has its exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Files that the checkpoint calls for are not there: nothing false was seen, not all could be checked.
    Incomplete,
    /// Fewer witnesses than the policy asks for have cosigned the checkpoint.
    TooFewCosignatures,
    /// An entry's time cannot be true, or it came into the log long after the time that it states.
    LateOrBackDated,
    /// Bytes are not those that were signed.
    Tampered,
    /// The log's keys signed two histories.
    Fork,
}

impl Verdict {
    /// The exit code of the auditor's commands.
    pub const fn exit_code(self) -> u8 {
        match self {
            Self::Incomplete => 40,
            Self::TooFewCosignatures => 20,
            Self::LateOrBackDated => 50,
            Self::Tampered => 10,
            Self::Fork => 30,
        }
    }

    /// One word for it, as reports write it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Incomplete => "incomplete",
            Self::TooFewCosignatures => "too-few-cosignatures",
            Self::LateOrBackDated => "late-or-back-dated",
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

    pub(super) const fn entry(file: String, entry: u64) -> Self {
        Self { file, entry: Some(entry), bytes: None }
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
    /// The files of the oldest entries are not there: tlog-tiles calls that pruning.
    #[error(
        "the log is pruned: entries before {until} are not in it; their hashes are under the signed root, what they say cannot be checked"
    )]
    Pruned {
        /// The index of the first entry that is there.
        until: u64,
    },
    /// The verification was stopped before its end.
    #[error("stopped before entry {at}: from there on nothing was checked")]
    Stopped {
        /// The first entry that was not checked.
        at: u64,
    },
    /// A further checkpoint is of a tree that the directory does not reach, or whose end it lacks.
    #[error("is of {size} entries, which the directory does not hold in full")]
    OutOfReach {
        /// The size of that tree.
        size: u64,
    },
    /// The checkpoint does not open.
    #[error("{0}")]
    Checkpoint(NoteError),
    /// A checkpoint of another log.
    #[error("is of another log")]
    OtherLog,
    /// A kept checkpoint is of another size than its name says.
    #[error("is of {size} entries, which is not what its name says")]
    Misnamed {
        /// The size of its tree.
        size: u64,
    },
    /// Fewer witnesses have cosigned than the policy asks for.
    #[error("cosigned by {found} witnesses of the policy, which asks for {wanted}")]
    TooFewCosignatures {
        /// How many have.
        found: usize,
        /// How many must.
        wanted: usize,
    },
    /// The log's keys signed a tree that this one does not extend.
    #[error("FORK: the log's key signed another tree of {size} entries than the one in the directory")]
    Fork {
        /// The size at which they part.
        size: u64,
    },
    /// What a log says of the log before it does not hold.
    #[error("{0}")]
    Recovery(RecoveryError),
    /// A new log names less of the old one than was signed.
    #[error(
        "names {named} entries of the log before, of which {signed} were signed: the rest was passed over"
    )]
    PassedOver {
        /// The most that the new log names.
        named: u64,
        /// As many as the old log's checkpoint has.
        signed: u64,
    },
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
    /// A file that a log does not have.
    #[error("is not a file of a log")]
    Unexpected,
    /// A partial file beside the one that replaced it says something else.
    #[error("differs from the file that replaced it, of which it must be the beginning")]
    Stray,
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
    /// An entry states an earlier time than one before it, by more than clocks may differ.
    #[error("states {ts}, which is before {earlier} in an entry before it")]
    TimeBack {
        /// The entry's time.
        ts: Timestamp,
        /// The latest before it.
        earlier: Timestamp,
    },
    /// An entry states a later time than that at which witnesses had already seen it.
    #[error("states {ts}, but witnesses had seen it by {seen}")]
    PostDated {
        /// The entry's time.
        ts: Timestamp,
        /// By when it existed.
        seen: Timestamp,
    },
    /// An entry states an earlier time than that at which witnesses saw a log without it, by more than it may lag.
    #[error("states {ts}, but at {unseen} witnesses saw the log without it: late or back-dated")]
    BackDated {
        /// The entry's time.
        ts: Timestamp,
        /// When it was not yet there.
        unseen: Timestamp,
    },
}

impl Problem {
    /// How bad it is.
    pub const fn verdict(self) -> Verdict {
        match self {
            Self::Missing
            | Self::Pruned { .. }
            | Self::Stopped { .. }
            | Self::OutOfReach { .. }
            | Self::PassedOver { .. } => Verdict::Incomplete,
            Self::TooFewCosignatures { .. } => Verdict::TooFewCosignatures,
            Self::TimeBack { .. } | Self::PostDated { .. } | Self::BackDated { .. } => {
                Verdict::LateOrBackDated
            }
            Self::Checkpoint(_)
            | Self::Misnamed { .. }
            | Self::OtherLog
            | Self::Recovery(_)
            | Self::CutOff
            | Self::Count { .. }
            | Self::Unexpected
            | Self::Stray
            | Self::Leaf(_)
            | Self::Origin
            | Self::RepeatedId { .. }
            | Self::EntryHash
            | Self::NodeHash
            | Self::Root => Verdict::Tampered,
            Self::Fork { .. } => Verdict::Fork,
        }
    }
}
