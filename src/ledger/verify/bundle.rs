//! One entry bundle and the tile of leaf hashes beside it: what one thread checks by itself.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::directory::{LogDirectory, find};
use super::{Finding, Place, Problem};
use crate::id::EntryId;
use crate::ledger::Hash;
use crate::ledger::entry::Leaf;
use crate::ledger::tiles::{self, TileFile, TileKind};
use crate::ledger::tree::{TILE_WIDTH, leaf_hash, root_of};
use crate::vocabulary::{EntryKind, Outcome};

/// What was found in a bundle and its tile.
pub(super) struct Checked {
    /// The bundle that the checkpoint calls for.
    pub(super) file: TileFile,
    /// Where it was found; none where it is missing.
    pub(super) path: Option<String>,
    /// The root over its leaf hashes; none where neither bundle nor tile gives them.
    pub(super) root: Option<Hash>,
    /// For each size asked for that lies in this bundle, the root over what of it belongs to the tree of that size; none
    /// where that is the whole of 256.
    pub(super) cuts: Vec<(u64, Option<Hash>)>,
    /// What is wrong, but for what is missing.
    pub(super) findings: Vec<Finding>,
    /// The files that are missing.
    pub(super) missing: Vec<TileFile>,
    /// The entries that are well-formed, in order.
    pub(super) entries: Vec<Seen>,
    /// How many of them there are by kind and outcome.
    pub(super) kinds: BTreeMap<(EntryKind, Outcome), u64>,
}

/// What the rules that go over the whole log need of an entry.
pub(super) struct Seen {
    pub(super) index: u64,
    pub(super) id: EntryId,
    pub(super) ts: Timestamp,
}

/// Checks a bundle of the log of this origin. `sizes` are those at which the root of the tree is wanted, in order.
pub(super) fn check<D: LogDirectory>(
    directory: &D,
    file: TileFile,
    origin: &str,
    sizes: &[u64],
) -> Result<Checked, D::Error> {
    let mut checked = Checked {
        file,
        path: None,
        root: None,
        cuts: Vec::new(),
        findings: Vec::new(),
        missing: Vec::new(),
        entries: Vec::new(),
        kinds: BTreeMap::new(),
    };
    let tile = TileFile { kind: TileKind::Hashes(0), ..file };
    let listed = hashes(directory, tile, &mut checked.findings, &mut checked.missing)?;
    let hashed = checked.read_bundle(directory, origin, listed.as_deref())?;
    // Where the entries cannot be read, their hashes still let the rest of the tree be checked.
    if let Some(hashes) = hashed.or(listed) {
        checked.root = Some(root_of(&hashes));
        let within = sizes.partition_point(|size| *size <= file.first());
        for size in sizes.iter().skip(within).copied() {
            let part = usize::try_from(size - file.first()).ok().and_then(|part| hashes.get(..part));
            let Some(part) = part else { break };
            checked.cuts.push((size, (part.len() < TILE_WIDTH).then(|| root_of(part))));
        }
    }
    Ok(checked)
}

impl Checked {
    fn find(&mut self, place: Place, problem: Problem) {
        self.findings.push(Finding { place, problem });
    }

    /// The leaf hashes of the entries if the bundle is whole.
    fn read_bundle<D: LogDirectory>(
        &mut self,
        directory: &D,
        origin: &str,
        listed: Option<&[Hash]>,
    ) -> Result<Option<Vec<Hash>>, D::Error> {
        let Some(found) = find(directory, self.file)? else {
            self.missing.push(self.file);
            return Ok(None);
        };
        self.path = Some(found.path.clone());
        let width = usize::from(self.file.width);
        let entries = match tiles::decode_bundle(&found.bytes) {
            Ok(entries) => entries,
            Err(cut) => {
                self.find(Place::range(found.path, cut.at..found.bytes.len()), Problem::CutOff);
                return Ok(None);
            }
        };
        if entries.len() < width || found.exact && entries.len() != width {
            let problem = Problem::Count { expected: width, found: entries.len() };
            self.find(Place::file(found.path), problem);
            return Ok(None);
        }
        let mut hashes = Vec::with_capacity(width);
        self.entries.reserve_exact(width);
        let mut at = 0;
        for (place, (index, entry)) in (self.file.first()..).zip(entries).take(width).enumerate() {
            let range = at + 2..at + 2 + entry.len();
            at = range.end;
            let place_of =
                || Place { file: found.path.clone(), entry: Some(index), bytes: Some(range.clone()) };
            let hash = leaf_hash(entry);
            if listed.and_then(|listed| listed.get(place)).is_some_and(|listed| *listed != hash) {
                self.find(place_of(), Problem::EntryHash);
            }
            match Leaf::parse(entry) {
                Ok(leaf) if leaf.origin != origin => self.find(place_of(), Problem::Origin),
                Ok(leaf) => {
                    *self.kinds.entry((leaf.kind, leaf.outcome)).or_default() += 1;
                    self.entries.push(Seen { index, id: leaf.id, ts: leaf.ts });
                }
                Err(error) => self.find(place_of(), Problem::Leaf(error)),
            }
            hashes.push(hash);
        }
        Ok(Some(hashes))
    }
}

/// The hashes of one tile, if it is whole.
pub(super) fn hashes<D: LogDirectory>(
    directory: &D,
    file: TileFile,
    findings: &mut Vec<Finding>,
    missing: &mut Vec<TileFile>,
) -> Result<Option<Vec<Hash>>, D::Error> {
    let Some(found) = find(directory, file)? else {
        missing.push(file);
        return Ok(None);
    };
    let (hashes, rest) = found.bytes.as_chunks::<32>();
    let width = usize::from(file.width);
    if !rest.is_empty() || hashes.len() < width || found.exact && hashes.len() != width {
        let problem = Problem::Count { expected: width, found: hashes.len() };
        findings.push(Finding { place: Place::file(found.path), problem });
        return Ok(None);
    }
    Ok(Some(hashes.iter().take(width).copied().map(Hash::from_bytes).collect()))
}
