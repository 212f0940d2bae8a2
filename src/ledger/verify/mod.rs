//! Offline verification of a static log: streamed once, in constant memory, on every core, every byte accounted for.

use std::collections::BTreeMap;
use std::num::NonZero;

use jiff::{SignedDuration, Timestamp};

use super::note::{Checkpoint, NoteError, VerifierKey};
use super::recovery::Statement;
use super::tiles::CHECKPOINT_PATH;
use super::witness::WitnessPolicy;
use crate::vocabulary::{EntryKind, Outcome};

mod bundle;
mod crew;
mod directory;
mod finding;
mod known;
mod listing;
mod range;
mod recent_ids;
mod succession;
mod times;
mod walk;

use bundle::Seen;
pub use directory::{DirectoryNodes, LogDirectory, entry_at, served};
pub use finding::{Finding, Place, Problem, Verdict};
use known::Known;
pub use range::{Shown, verify_range};
use recent_ids::RecentIds;
pub use succession::{Succession, verify_before};
use times::Times;
pub use times::{Bracket, Brackets, MAX_LAG, SKEW};
use walk::{Plan, Walk, Walked};

/// Findings that are kept; more are counted only.
const MAX_FINDINGS: usize = 100;

/// What a verification holds a log against.
#[derive(Debug, Clone)]
pub struct Rules<'r> {
    /// The keys of the log.
    pub keys: &'r [VerifierKey],
    /// Further checkpoints of the log, each with the name of its file: the tree must have had their roots at their sizes.
    pub checkpoints: &'r [(String, String)],
    /// Whose cosignatures count and how many are needed; without it none is asked for.
    pub policy: Option<&'r WitnessPolicy>,
    /// By how much clocks may differ.
    pub skew: SignedDuration,
    /// How long an entry may take from the time it states until it is in the log.
    pub max_lag: SignedDuration,
    /// How many threads read and hash.
    pub threads: usize,
}

impl<'r> Rules<'r> {
    /// With the keys alone, on every core.
    pub fn new(keys: &'r [VerifierKey]) -> Self {
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
        Self { keys, checkpoints: &[], policy: None, skew: SKEW, max_lag: MAX_LAG, threads }
    }
}

/// Somebody who watches a verification, and may stop it.
pub trait Watch: Sync {
    /// So many entries were gone over.
    fn seen(&self, _entries: u64) {}

    /// How many there are, once the checkpoint is open.
    fn expect(&self, _entries: u64) {}

    /// Whether to go on.
    fn go_on(&self) -> bool {
        true
    }
}

/// Nobody watches.
pub struct Unwatched;

impl Watch for Unwatched {}

/// What a verification saw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The checkpoint that the directory was held against; `None` if it did not open.
    pub checkpoint: Option<Checkpoint>,
    /// How many entries were read and are well-formed.
    pub entries: u64,
    /// Entries by kind and outcome.
    pub kinds: BTreeMap<(EntryKind, Outcome), u64>,
    /// The time in the first entry.
    pub first_ts: Option<Timestamp>,
    /// The time in the last entry.
    pub last_ts: Option<Timestamp>,
    /// How far back each entry id was compared with those before it. Ids are unique in a log no longer than this; in a
    /// longer one a repetition at a greater distance would need more memory than is bounded to see.
    pub ids_window: usize,
    /// Whether the directory could be looked through for files that do not belong there; a server cannot be.
    pub is_listed: bool,
    /// How many files are of a larger tree than the checkpoint's, as in a log that grows.
    pub beyond: u64,
    /// Further checkpoints whose roots the tree had at their sizes.
    pub extends: usize,
    /// The checkpoints that enough witnesses of the policy cosigned, which bracket when entries came into the log.
    pub witnessed: Brackets,
    /// What it says of the log before it, where it came after one that was lost.
    pub recovered: Option<Statement>,
    /// What is wrong, in the order in which it was met; at most 100.
    pub findings: Vec<Finding>,
    /// How many more there are.
    pub more_findings: u64,
}

impl Report {
    fn new() -> Self {
        Self {
            checkpoint: None,
            entries: 0,
            kinds: BTreeMap::new(),
            first_ts: None,
            last_ts: None,
            ids_window: RecentIds::WINDOW,
            is_listed: false,
            beyond: 0,
            extends: 0,
            witnessed: Brackets::default(),
            recovered: None,
            findings: Vec::new(),
            more_findings: 0,
        }
    }

    /// The worst of the findings; `None` if all is well.
    pub fn verdict(&self) -> Option<Verdict> {
        self.findings.iter().map(|finding| finding.problem.verdict()).max()
    }

    fn find(&mut self, place: Place, problem: Problem) {
        let worst = self.verdict();
        if self.findings.len() < MAX_FINDINGS {
            self.findings.push(Finding { place, problem });
        } else {
            self.more_findings += 1;
            // What is worse than all before it must not be lost in the count.
            if worst < Some(problem.verdict()) {
                self.findings.push(Finding { place, problem });
            }
        }
    }

    fn count(&mut self, entries: &[Seen], kinds: &BTreeMap<(EntryKind, Outcome), u64>) {
        for (kind, count) in kinds {
            self.entries += count;
            *self.kinds.entry(*kind).or_default() += count;
        }
        self.first_ts = self.first_ts.or(entries.first().map(|entry| entry.ts));
        self.last_ts = entries.last().map(|entry| entry.ts).or(self.last_ts);
    }
}

/// Verifies a directory against the keys of its log. The error is that of reading; all that is wrong with what was read
/// is in the report.
pub fn verify<D: LogDirectory>(directory: &D, keys: &[VerifierKey]) -> Result<Report, D::Error> {
    verify_by(directory, &Rules::new(keys), &Unwatched)
}

/// Verifies a directory against the keys of its log and further rules.
pub fn verify_by<D: LogDirectory>(
    directory: &D,
    rules: &Rules<'_>,
    watch: &dyn Watch,
) -> Result<Report, D::Error> {
    let mut report = Report::new();
    let Some((note, checkpoint)) = open_checkpoint(directory, rules.keys, &mut report)? else {
        return Ok(report);
    };
    watch.expect(checkpoint.size);
    let known = Known::new(directory, rules, &note, &checkpoint, &mut report)?;
    let sizes = known.sizes();
    let plan =
        Plan { size: checkpoint.size, origin: &checkpoint.origin, sizes: &sizes, threads: rules.threads };
    let times = Times::new(rules.skew, rules.max_lag);
    let Walked { mut report, root, known } = Walk::new(directory, &plan, report, times, known).run(watch)?;
    if root.is_some_and(|root| root != checkpoint.root) {
        report.find(Place::file(CHECKPOINT_PATH.to_owned()), Problem::Root);
    }
    known.finish(root == Some(checkpoint.root), !watch.go_on(), &mut report)?;
    if watch.go_on() {
        let may_be_recovered = succession::look(directory, checkpoint.size, &mut report)?;
        listing::look_through(directory, checkpoint.size, may_be_recovered, &mut report)?;
    }
    Ok(report)
}

/// The checkpoint of the directory, if it is there and opens.
fn open_checkpoint<D: LogDirectory>(
    directory: &D,
    keys: &[VerifierKey],
    report: &mut Report,
) -> Result<Option<(String, Checkpoint)>, D::Error> {
    let place = Place::file(CHECKPOINT_PATH.to_owned());
    let Some(note) = directory.read(CHECKPOINT_PATH)? else {
        report.find(place, Problem::Missing);
        return Ok(None);
    };
    let opened = String::from_utf8(note).map_err(|_| NoteError::Malformed);
    match opened.and_then(|note| Checkpoint::open(&note, keys).map(|checkpoint| (note, checkpoint))) {
        Ok((note, checkpoint)) => {
            report.checkpoint = Some(checkpoint.clone());
            Ok(Some((note, checkpoint)))
        }
        Err(error) => {
            report.find(place, Problem::Checkpoint(error));
            Ok(None)
        }
    }
}

#[cfg(test)]
mod tests;
