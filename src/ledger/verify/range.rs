//! Some entries of a log and the proof that they are in it, without reading the rest.

use std::ops::RangeInclusive;

use jiff::Timestamp;

use super::directory::{DirectoryNodes, LogDirectory, find};
use super::known::Known;
use super::{Bracket, Finding, Place, Problem, Report, Rules, bundle, open_checkpoint};
use crate::ledger::Hash;
use crate::ledger::entry::Leaf;
use crate::ledger::note::Checkpoint;
use crate::ledger::proof::{self, verify_inclusion};
use crate::ledger::tiles::{self, CHECKPOINT_PATH, TileFile, TileKind};
use crate::ledger::tree::{ReadError, TILE_HEIGHT, leaf_hash};

/// An entry that is proved to be in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// Its place in the log.
    pub index: u64,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What they say.
    pub leaf: Leaf,
}

impl Shown {
    /// The moments between which it came into the log, as far as witnesses tell: not yet there at the first, there by the second.
    pub fn bracket(&self, brackets: &[Bracket]) -> (Option<Timestamp>, Option<Timestamp>) {
        let before = brackets.partition_point(|bracket| bracket.size <= self.index);
        let unseen = before.checked_sub(1).and_then(|at| brackets.get(at));
        (unseen.map(|bracket| bracket.unseen_at), brackets.get(before).map(|bracket| bracket.seen_by))
    }
}

/// Verifies the entries of these indices under the signed root, and shows each that holds, after what witnesses say. The report
/// counts these alone.
pub fn verify_range<D: LogDirectory>(
    directory: &D,
    rules: &Rules<'_>,
    wanted: RangeInclusive<u64>,
    show: &mut dyn FnMut(Shown, &[Bracket]),
) -> Result<Report, D::Error> {
    let mut report = Report::new();
    let Some((note, checkpoint)) = open_checkpoint(directory, rules.keys, &mut report)? else {
        return Ok(report);
    };
    let brackets = Known::new(directory, rules, &note, &checkpoint, &mut report)?
        .brackets_around(&wanted, &mut report)?;
    let Some(last) = checkpoint.size.checked_sub(1).filter(|last| wanted.end() <= last) else {
        let problem = Problem::OutOfReach { size: wanted.end().saturating_add(1) };
        report.find(Place::file(CHECKPOINT_PATH.to_owned()), problem);
        return Ok(report);
    };
    let bundles = wanted.start() >> TILE_HEIGHT..=wanted.end().min(&last) >> TILE_HEIGHT;
    for index in bundles {
        if let Some(file) = tiles::file_at(TileKind::Entries, index, checkpoint.size) {
            let show = &mut |shown| show(shown, &brackets);
            verify_bundle(directory, &checkpoint, file, &wanted, &mut report, show)?;
        }
    }
    Ok(report)
}

fn verify_bundle<D: LogDirectory>(
    directory: &D,
    checkpoint: &Checkpoint,
    file: TileFile,
    wanted: &RangeInclusive<u64>,
    report: &mut Report,
    show: &mut dyn FnMut(Shown),
) -> Result<(), D::Error> {
    let tile = TileFile { kind: TileKind::Hashes(0), ..file };
    let (mut findings, mut missing) = (Vec::new(), Vec::new());
    let listed = bundle::hashes(directory, tile, &mut findings, &mut missing)?;
    for Finding { place, problem } in findings {
        report.find(place, problem);
    }
    for missing in missing {
        report.find(Place::file(missing.to_string()), Problem::Missing);
    }
    let Some(listed) = listed else { return Ok(()) };
    // The proof of one leaf out of its tile holds only if every other hash of the tile is right.
    if let Some(problem) = unproved(directory, checkpoint, file.first(), &listed)? {
        report.find(Place::file(tile.to_string()), problem);
        return Ok(());
    }
    let Some(found) = find(directory, file)? else {
        report.find(Place::file(file.to_string()), Problem::Missing);
        return Ok(());
    };
    let Ok(entries) = tiles::decode_bundle(&found.bytes) else {
        report.find(Place::file(found.path), Problem::CutOff);
        return Ok(());
    };
    if entries.len() < listed.len() {
        let problem = Problem::Count { expected: listed.len(), found: entries.len() };
        report.find(Place::file(found.path.clone()), problem);
    }
    for ((index, entry), listed) in (file.first()..).zip(entries).zip(&listed) {
        if !wanted.contains(&index) {
            continue;
        }
        let place = Place::entry(found.path.clone(), index);
        if leaf_hash(entry) != *listed {
            report.find(place, Problem::EntryHash);
            continue;
        }
        match Leaf::parse(entry) {
            Ok(leaf) if leaf.origin != checkpoint.origin => report.find(place, Problem::Origin),
            Ok(leaf) => {
                report.entries += 1;
                *report.kinds.entry((leaf.kind, leaf.outcome)).or_default() += 1;
                report.first_ts = report.first_ts.or(Some(leaf.ts));
                report.last_ts = Some(leaf.ts);
                show(Shown { index, bytes: entry.to_vec(), leaf });
            }
            Err(error) => report.find(place, Problem::Leaf(error)),
        }
    }
    Ok(())
}

/// Why a leaf hash is not proved to be at its index under the signed root; none if it is.
fn unproved<D: LogDirectory>(
    directory: &D,
    checkpoint: &Checkpoint,
    index: u64,
    listed: &[Hash],
) -> Result<Option<Problem>, D::Error> {
    let (size, root) = (checkpoint.size, &checkpoint.root);
    let path = match proof::inclusion(index, size, &DirectoryNodes::new(directory, size)) {
        Ok(path) => path,
        Err(ReadError::Store(error)) => return Err(error),
        Err(_) => return Ok(Some(Problem::OutOfReach { size })),
    };
    let holds = listed.first().is_some_and(|first| verify_inclusion(first, index, size, &path, root).is_ok());
    Ok((!holds).then_some(Problem::NodeHash))
}
