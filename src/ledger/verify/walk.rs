//! The walk over a log: bundles are checked by many threads, and put together here in their order.

use super::bundle::{self, Checked};
use super::crew;
use super::directory::{LogDirectory, find};
use super::known::Known;
use super::recent_ids::RecentIds;
use super::times::Times;
use super::{Finding, Place, Problem, Report, Watch};
use crate::ledger::Hash;
use crate::ledger::tiles::{self, CHECKPOINT_PATH, TileFile, TileKind};
use crate::ledger::tree::{EMPTY_ROOT, TILE_HEIGHT, Tree};

/// How many bundles a thread checks between two meetings: some 8,000 entries.
const STRETCH: u64 = 32;

/// What is asked of a walk.
pub(super) struct Plan<'p> {
    /// How many entries the checkpoint promises.
    pub(super) size: u64,
    /// The log's name.
    pub(super) origin: &'p str,
    /// The sizes at which the root of the tree is wanted, in order, that of the checkpoint among them.
    pub(super) sizes: &'p [u64],
    /// How many threads check bundles.
    pub(super) threads: usize,
}

/// What a walk put together.
pub(super) struct Walk<'d, D> {
    directory: &'d D,
    plan: &'d Plan<'d>,
    report: Report,
    /// The tree over the roots of full bundles: its leaves are the hashes of tile level 1.
    upper: Tree,
    /// The root at the size of the checkpoint.
    root: Option<Hash>,
    known: Known<'d, D>,
    ids: RecentIds,
    times: Times,
    /// Entries that were gone over.
    seen: u64,
    /// Whether every bundle so far was missing, as those of a pruned log are.
    pruned: bool,
    ended: bool,
}

/// What came of it.
pub(super) struct Walked<'d, D> {
    /// What was seen.
    pub(super) report: Report,
    /// The root of the tree at the size of the checkpoint, if it could be had.
    pub(super) root: Option<Hash>,
    /// The known checkpoints, as far as they were not met.
    pub(super) known: Known<'d, D>,
}

impl<'d, D: LogDirectory> Walk<'d, D> {
    pub(super) fn new(
        directory: &'d D,
        plan: &'d Plan<'d>,
        report: Report,
        times: Times,
        known: Known<'d, D>,
    ) -> Self {
        let (upper, ids) = (Tree::new(), RecentIds::new());
        Self {
            directory,
            plan,
            report,
            upper,
            root: None,
            known,
            ids,
            times,
            seen: 0,
            pruned: true,
            ended: false,
        }
    }

    /// Goes over the log.
    pub(super) fn run(mut self, watch: &dyn Watch) -> Result<Walked<'d, D>, D::Error> {
        self.meet(0, EMPTY_ROOT)?;
        let &Plan { size, origin, sizes, threads } = self.plan;
        let bundles = size.div_ceil(256);
        let mut next = self.start(bundles)?;
        let mut ready = Vec::new();
        let stretch = STRETCH * u64::try_from(threads).unwrap_or(1).max(1);
        while next < bundles || !ready.is_empty() {
            let end = if self.ended { next } else { bundles.min(next.saturating_add(stretch)) };
            let directory = self.directory;
            let check = |index| {
                let file = tiles::file_at(TileKind::Entries, index, size).unwrap_or(NO_FILE);
                bundle::check(directory, file, origin, sizes)
            };
            let last = std::mem::take(&mut ready);
            let put = || self.put_together(last, watch);
            let (done, before) = crew::work(threads, next..end, check, put);
            before?;
            (ready, next) = (done, end);
            if self.ended {
                break;
            }
        }
        if !self.ended {
            self.finish()?;
        }
        Ok(Walked { report: self.report, root: self.root, known: self.known })
    }

    /// The tree had this root at this size.
    fn meet(&mut self, size: u64, root: Hash) -> Result<(), D::Error> {
        if size == self.plan.size {
            self.root = Some(root);
        }
        self.known.hold_against(size, root, &mut self.report)
    }

    /// The first bundle to check: 0, or the first that is there in a log whose oldest tiles are gone.
    fn start(&mut self, bundles: u64) -> Result<u64, D::Error> {
        if bundles == 0 || self.is_there(0, TileKind::Entries)? || self.is_there(0, TileKind::Hashes(0))? {
            return Ok(0);
        }
        let (mut gone, mut there) = (0, bundles);
        while gone + 1 < there {
            let middle = gone + (there - gone) / 2;
            if self.is_there(middle, TileKind::Entries)? { there = middle } else { gone = middle }
        }
        if there == bundles {
            return Ok(0);
        }
        // The roots of the tiles that are gone stand in the tiles above them, which the signed root vouches for in the end.
        let mut edge = Vec::new();
        for level in 0..7_u8 {
            let count = there >> (u32::from(level) * TILE_HEIGHT);
            if count == 0 {
                break;
            }
            let kind = TileKind::Hashes(level + 1);
            let width = usize::try_from(count & 255).unwrap_or(0);
            let hashes = match tiles::file_at(kind, count >> TILE_HEIGHT, self.plan.size) {
                Some(file) if width > 0 => self.tile(file)?,
                _ => Some(Vec::new()),
            };
            match hashes {
                Some(mut hashes) => {
                    hashes.truncate(width);
                    edge.push(hashes);
                }
                None => return Ok(0),
            }
        }
        self.upper = Tree::from_edge(there, edge);
        self.seen = there << TILE_HEIGHT;
        Ok(there)
    }

    fn is_there(&self, index: u64, kind: TileKind) -> Result<bool, D::Error> {
        match tiles::file_at(kind, index, self.plan.size) {
            Some(file) => Ok(find(self.directory, file)?.is_some()),
            None => Ok(false),
        }
    }

    fn put_together(
        &mut self,
        stretch: Vec<Result<Checked, D::Error>>,
        watch: &dyn Watch,
    ) -> Result<(), D::Error> {
        for checked in stretch {
            let checked = checked?;
            if self.ended {
                return Ok(());
            }
            if !watch.go_on() {
                let at = checked.file.first();
                self.report.find(Place::file(CHECKPOINT_PATH.to_owned()), Problem::Stopped { at });
                self.ended = true;
                return Ok(());
            }
            self.put(checked)?;
            watch.seen(self.seen);
        }
        Ok(())
    }

    fn put(&mut self, checked: Checked) -> Result<(), D::Error> {
        let Checked { file, path, root, cuts, findings, missing, entries, kinds } = checked;
        let is_there = !missing.contains(&file);
        if is_there && self.pruned && self.seen > 0 {
            let place = Place::file(CHECKPOINT_PATH.to_owned());
            self.report.find(place, Problem::Pruned { until: file.first() });
        }
        self.pruned &= !is_there;
        for missing in missing {
            // What is missing at the beginning of the log is one finding, when its end is known.
            if !self.pruned || missing.kind != TileKind::Entries {
                self.report.find(Place::file(missing.to_string()), Problem::Missing);
            }
        }
        for Finding { place, problem } in findings {
            self.report.find(place, problem);
        }
        self.report.count(&entries, &kinds);
        for entry in entries {
            let place = || Place::entry(path.clone().unwrap_or_default(), entry.index);
            if let Some(earlier) = self.ids.add(entry.id, entry.index) {
                self.report.find(place(), Problem::RepeatedId { earlier });
            }
            while self.times.wants(entry.index) {
                let bracket = self.known.next_bracket(&mut self.report)?;
                self.times.hear(bracket);
            }
            if let Some(problem) = self.times.look(entry.index, entry.ts) {
                self.report.find(place(), problem);
            }
        }
        self.seen += u64::from(file.width);
        let (root, is_known) = match root {
            Some(root) => (root, true),
            None => match self.root_from_above(file)? {
                Some(root) => (root, false),
                None => {
                    self.ended = true;
                    self.give_up_pruned();
                    return Ok(());
                }
            },
        };
        if is_known {
            let partial = cuts.iter().filter_map(|(size, cut)| Some((*size, (*cut)?)));
            for (size, cut) in partial {
                self.meet(size, self.upper.root_before(Some(cut)))?;
            }
        }
        if file.is_full() {
            self.append(root)?;
            if self.plan.sizes.binary_search(&self.seen).is_ok() {
                self.meet(self.seen, self.upper.root())?;
            }
        }
        Ok(())
    }

    /// The root of a full bundle of which neither entries nor leaf hashes are there, as the tile above gives it.
    fn root_from_above(&mut self, file: TileFile) -> Result<Option<Hash>, D::Error> {
        let (kind, index) = (TileKind::Hashes(1), file.index >> TILE_HEIGHT);
        let Some(above) = tiles::file_at(kind, index, self.plan.size).filter(|_| file.is_full()) else {
            return Ok(None);
        };
        let place = usize::try_from(file.index & 255).unwrap_or(usize::MAX);
        Ok(self.tile(above)?.and_then(|hashes| hashes.get(place).copied()))
    }

    fn append(&mut self, root: Hash) -> Result<(), D::Error> {
        let appended = self.upper.append(&[root]);
        for full in appended.tiles {
            let kind = TileKind::Hashes(full.level.saturating_add(1));
            let expected: Vec<_> =
                full.hashes.as_chunks::<32>().0.iter().copied().map(Hash::from_bytes).collect();
            self.compare(TileFile { kind, index: full.index, width: 256 }, &expected)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> Result<(), D::Error> {
        self.give_up_pruned();
        let size = self.plan.size;
        for level in tiles::levels(size).filter(|level| *level > 0) {
            let expected = self.upper.partial_tile(level - 1).to_vec();
            let index = size >> (u32::from(level) * TILE_HEIGHT) >> TILE_HEIGHT;
            if let (false, Some(file)) =
                (expected.is_empty(), tiles::file_at(TileKind::Hashes(level), index, size))
            {
                self.compare(file, &expected)?;
            }
        }
        Ok(())
    }

    /// Where no bundle was there at all, the first is what is missed.
    fn give_up_pruned(&mut self) {
        if let Some(first) = tiles::file_at(TileKind::Entries, 0, self.plan.size).filter(|_| self.pruned) {
            self.report.find(Place::file(first.to_string()), Problem::Missing);
        }
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

    fn tile(&mut self, file: TileFile) -> Result<Option<Vec<Hash>>, D::Error> {
        let (mut findings, mut missing) = (Vec::new(), Vec::new());
        let hashes = bundle::hashes(self.directory, file, &mut findings, &mut missing)?;
        for Finding { place, problem } in findings {
            self.report.find(place, problem);
        }
        for file in missing {
            self.report.find(Place::file(file.to_string()), Problem::Missing);
        }
        Ok(hashes)
    }
}

/// Stands where there is no file, which never happens within the size.
const NO_FILE: TileFile = TileFile { kind: TileKind::Entries, index: 0, width: 1 };
