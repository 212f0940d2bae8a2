//! Offline verification of a static log directory: streamed once, in constant memory, every byte accounted for.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::Hash;
use super::entry::Leaf;
use super::note::{Checkpoint, NoteError, VerifierKey};
use super::tiles::{self, CHECKPOINT_PATH, TileFile, TileKind};
use super::tree::{EMPTY_ROOT, TILE_HEIGHT, Tree, leaf_hash};
use crate::vocabulary::{EntryKind, Outcome};

mod directory;
mod finding;
mod recent_ids;

pub use directory::{DirectoryNodes, LogDirectory};
pub use finding::{Finding, Place, Problem, Verdict};
use recent_ids::RecentIds;

/// Findings that are kept; more are counted only.
const MAX_FINDINGS: usize = 100;

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

    fn count(&mut self, leaf: &Leaf) {
        self.entries += 1;
        *self.kinds.entry((leaf.kind, leaf.outcome)).or_default() += 1;
        self.first_ts = self.first_ts.or(Some(leaf.ts));
        self.last_ts = Some(leaf.ts);
    }
}

/// Verifies a directory against the keys of its log. The error is that of reading; all that is wrong with what was read
/// is in the report.
pub fn verify<D: LogDirectory>(directory: &D, keys: &[VerifierKey]) -> Result<Report, D::Error> {
    let mut report = Report::new();
    let place = Place::file(CHECKPOINT_PATH.to_owned());
    let Some(note) = directory.read(CHECKPOINT_PATH)? else {
        report.find(place, Problem::Missing);
        return Ok(report);
    };
    let opened = String::from_utf8(note)
        .map_err(|_| NoteError::Malformed)
        .and_then(|note| Checkpoint::open(&note, keys));
    let checkpoint = match opened {
        Ok(checkpoint) => checkpoint,
        Err(error) => {
            report.find(place, Problem::Checkpoint(error));
            return Ok(report);
        }
    };
    report.checkpoint = Some(checkpoint.clone());
    let mut walk = Walk { directory, checkpoint, report, tree: Tree::new(), ids: RecentIds::new() };
    walk.run()?;
    Ok(walk.report)
}

struct Walk<'d, D> {
    directory: &'d D,
    checkpoint: Checkpoint,
    report: Report,
    tree: Tree,
    ids: RecentIds,
}

impl<D: LogDirectory> Walk<'_, D> {
    fn run(&mut self) -> Result<(), D::Error> {
        let size = self.checkpoint.size;
        for file in tiles::files(TileKind::Entries, size) {
            let listed = self.tile(TileFile { kind: TileKind::Hashes(0), ..file })?;
            let hashed = self.bundle(file, listed.as_deref())?;
            // Where the entries cannot be read, their hashes still let the rest of the tree be checked.
            let Some(hashes) = hashed.or(listed) else {
                return Ok(());
            };
            let appended = self.tree.append(&hashes);
            for full in appended.tiles.into_iter().filter(|tile| tile.level > 0) {
                let file = TileFile { kind: TileKind::Hashes(full.level), index: full.index, width: 256 };
                let expected: Vec<_> =
                    full.hashes.as_chunks::<32>().0.iter().copied().map(Hash::from_bytes).collect();
                self.compare(file, &expected)?;
            }
        }
        for level in tiles::levels(size).filter(|level| *level > 0) {
            let expected = self.tree.partial_tile(level).to_vec();
            if let (false, Ok(width)) = (expected.is_empty(), u16::try_from(expected.len())) {
                let index = size >> (u32::from(level) * TILE_HEIGHT) >> TILE_HEIGHT;
                self.compare(TileFile { kind: TileKind::Hashes(level), index, width }, &expected)?;
            }
        }
        let root = if size == 0 { EMPTY_ROOT } else { self.tree.root() };
        if root != self.checkpoint.root {
            self.report.find(Place::file(CHECKPOINT_PATH.to_owned()), Problem::Root);
        }
        Ok(())
    }

    /// Reads one bundle; the leaf hashes of its entries if it is whole.
    fn bundle(&mut self, file: TileFile, listed: Option<&[Hash]>) -> Result<Option<Vec<Hash>>, D::Error> {
        let Some((path, bytes)) = self.read(file)? else {
            return Ok(None);
        };
        let width = usize::from(file.width);
        let entries = match tiles::decode_bundle(&bytes) {
            Ok(entries) => entries,
            Err(cut) => {
                self.report.find(Place::range(path, cut.at..bytes.len()), Problem::CutOff);
                return Ok(None);
            }
        };
        let exact = path == file.to_string();
        if entries.len() < width || exact && entries.len() != width {
            self.report.find(Place::file(path), Problem::Count { expected: width, found: entries.len() });
            return Ok(None);
        }
        let mut hashes = Vec::with_capacity(width);
        let mut at = 0;
        for (place, (index, entry)) in (file.first()..).zip(entries).take(width).enumerate() {
            let range = at + 2..at + 2 + entry.len();
            at = range.end;
            let place_of = || Place { file: path.clone(), entry: Some(index), bytes: Some(range.clone()) };
            let hash = leaf_hash(entry);
            if listed.and_then(|listed| listed.get(place)).is_some_and(|listed| *listed != hash) {
                self.report.find(place_of(), Problem::EntryHash);
            }
            match Leaf::parse(entry) {
                Ok(leaf) if leaf.origin != self.checkpoint.origin => {
                    self.report.find(place_of(), Problem::Origin);
                }
                Ok(leaf) => {
                    if let Some(earlier) = self.ids.add(leaf.id, index) {
                        self.report.find(place_of(), Problem::RepeatedId { earlier });
                    }
                    self.report.count(&leaf);
                }
                Err(error) => self.report.find(place_of(), Problem::Leaf(error)),
            }
            hashes.push(hash);
        }
        Ok(Some(hashes))
    }

    /// Reads the hashes of one tile.
    fn tile(&mut self, file: TileFile) -> Result<Option<Vec<Hash>>, D::Error> {
        let Some((path, bytes)) = self.read(file)? else {
            return Ok(None);
        };
        let (hashes, rest) = bytes.as_chunks::<32>();
        let width = usize::from(file.width);
        let exact = path == file.to_string();
        if !rest.is_empty() || hashes.len() < width || exact && hashes.len() != width {
            self.report.find(Place::file(path), Problem::Count { expected: width, found: hashes.len() });
            return Ok(None);
        }
        Ok(Some(hashes.iter().take(width).copied().map(Hash::from_bytes).collect()))
    }

    /// Compares a tile above the lowest level with what the entries lead to.
    fn compare(&mut self, file: TileFile, expected: &[Hash]) -> Result<(), D::Error> {
        let Some(hashes) = self.tile(file)? else {
            return Ok(());
        };
        if let Some(at) = hashes.iter().zip(expected).position(|(found, expected)| found != expected) {
            let place = Place::range(file.to_string(), at * 32..(at + 1) * 32);
            self.report.find(place, Problem::NodeHash);
        }
        Ok(())
    }

    /// Reads a file; in place of a partial one that is gone, the full one of a directory that has grown since.
    fn read(&mut self, file: TileFile) -> Result<Option<(String, Vec<u8>)>, D::Error> {
        for path in [file.to_string(), file.full().to_string()] {
            if let Some(bytes) = self.directory.read(&path)? {
                return Ok(Some((path, bytes)));
            }
        }
        self.report.find(Place::file(file.to_string()), Problem::Missing);
        Ok(None)
    }
}

#[cfg(test)]
mod tests;
