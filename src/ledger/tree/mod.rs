//! The Merkle tree of RFC 6962 as its writer keeps it: the growing edge, and what one append makes of it.

use std::ops::Range;

use super::Hash;

/// Hashes in a full tile.
pub const TILE_WIDTH: usize = 256;
/// Binary levels that one tile spans.
pub const TILE_HEIGHT: u32 = 8;

/// The root of the empty tree: SHA-256 of nothing.
pub const EMPTY_ROOT: Hash = Hash::from_bytes([
    0xe3, 0xb0, 0xc4, 0x42, 0x98, 0xfc, 0x1c, 0x14, 0x9a, 0xfb, 0xf4, 0xc8, 0x99, 0x6f, 0xb9, 0x24, 0x27,
    0xae, 0x41, 0xe4, 0x64, 0x9b, 0x93, 0x4c, 0xa4, 0x95, 0x99, 0x1b, 0x78, 0x52, 0xb8, 0x55,
]);

/// SHA-256(0x00 ‖ leaf).
pub fn leaf_hash(leaf: &[u8]) -> Hash {
    let mut context = ring::digest::Context::new(&ring::digest::SHA256);
    context.update(&[0]);
    context.update(leaf);
    Hash::from_digest(&context.finish())
}

/// SHA-256(0x01 ‖ left ‖ right).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    let mut bytes = [1; 65];
    bytes[1..33].copy_from_slice(left.as_bytes());
    bytes[33..65].copy_from_slice(right.as_bytes());
    Hash::sha256(&bytes)
}

/// The root of the subtree over these hashes, which are neighbours at one level; `EMPTY_ROOT` of none.
pub(crate) fn root_of(hashes: &[Hash]) -> Hash {
    let mut level = hashes.to_vec();
    while level.len() > 1 {
        level = level
            .chunks(2)
            .filter_map(|pair| match pair {
                [left, right] => Some(node_hash(left, right)),
                [odd] => Some(*odd),
                _ => None,
            })
            .collect();
    }
    level.first().copied().unwrap_or(EMPTY_ROOT)
}

/// What a store or a static directory can give of a tree.
pub trait Nodes {
    /// Why it could not.
    type Error;

    /// The 8,192 bytes of a full tile (tlog-tiles numbering).
    fn full_tile(&self, level: u8, index: u64) -> Result<Vec<u8>, Self::Error>;

    /// The leaf hashes of these indices, in order; asked only within one level-0 tile.
    fn leaf_hashes(&self, range: Range<u64>) -> Result<Vec<Hash>, Self::Error>;
}

/// Why a tree could not be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError<E> {
    /// The store failed.
    #[error("the tree's nodes could not be read")]
    Store(#[source] E),
    /// A tile is not 8,192 bytes long.
    #[error("tile {index} of level {level} has the wrong length")]
    TileLength {
        /// The tile's level.
        level: u8,
        /// The tile's index within the level.
        index: u64,
    },
    /// The store gave more or fewer leaf hashes than were asked for.
    #[error("leaf hashes from {first} on are not as many as were asked for")]
    LeafCount {
        /// The first index asked for.
        first: u64,
    },
    /// The question itself is wrong: an index or a size outside the tree.
    #[error("no such index or size in the tree")]
    OutOfRange,
}

/// The growing edge of a tree: at most 255 hashes a tile level. Cloning it is cheap (about 24 kB at a million leaves),
/// so a writer appends to a clone and keeps the clone only when the append is durable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Tree {
    size: u64,
    /// The hashes of the partial tile at each tile level: `(size >> 8·level) & 255` of them.
    edge: Vec<Vec<Hash>>,
    /// The roots of the complete subtrees that make up the tree, by binary level; `Some` where the bit of `size` is set.
    peaks: Vec<Option<Hash>>,
}

impl Tree {
    /// The empty tree.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes up a tree of this size again. The caller compares `root()` or `peaks()` with what it knows.
    pub fn resume<N: Nodes>(size: u64, nodes: &N) -> Result<Self, ReadError<N::Error>> {
        let mut edge = Vec::new();
        let mut level = 0_u8;
        while size.checked_shr(u32::from(level) * TILE_HEIGHT).unwrap_or(0) > 0 {
            let count = size >> (u32::from(level) * TILE_HEIGHT);
            edge.push(super::proof::tile_hashes(nodes, level, count >> TILE_HEIGHT, count)?);
            level += 1;
        }
        Ok(Self::from_edge(size, edge))
    }

    /// The tree of this size with these partial tiles, `(size >> 8·level) & 255` hashes at each tile level.
    pub(crate) fn from_edge(size: u64, edge: Vec<Vec<Hash>>) -> Self {
        let mut peaks = Vec::new();
        for hashes in &edge {
            for bit in 0..TILE_HEIGHT {
                let set = hashes.len() & (1 << bit) != 0;
                let first = hashes.len() >> (bit + 1) << (bit + 1);
                let peak = hashes.get(first..first + (1 << bit)).filter(|_| set);
                peaks.push(peak.map(root_of));
            }
        }
        peaks.truncate(bit_length(size));
        Self { size, edge, peaks }
    }

    /// How many leaves it has.
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Its Merkle tree hash.
    pub fn root(&self) -> Hash {
        self.root_before(None)
    }

    /// The root of this tree with an incomplete subtree, given by its root, to the right of it.
    pub(crate) fn root_before(&self, ragged: Option<Hash>) -> Hash {
        let mut root = ragged;
        for peak in self.peaks.iter().flatten() {
            root = Some(root.map_or(*peak, |right| node_hash(peak, &right)));
        }
        root.unwrap_or(EMPTY_ROOT)
    }

    /// The roots of its complete subtrees, the largest (leftmost) first, 32 bytes each.
    pub fn peaks(&self) -> Vec<u8> {
        self.peaks.iter().rev().flatten().flat_map(|peak| *peak.as_bytes()).collect()
    }

    /// The hashes of the partial tile at this tile level, in order; empty where the last tile is full.
    pub fn partial_tile(&self, level: u8) -> &[Hash] {
        self.edge.get(usize::from(level)).map_or(&[], Vec::as_slice)
    }

    /// Adds leaves (their hashes), and tells all that follows from it.
    pub fn append(&mut self, leaves: &[Hash]) -> Appended {
        let first = self.size;
        let size = first + u64::try_from(leaves.len()).unwrap_or(u64::MAX);
        self.peaks.resize(bit_length(size), None); // as many as levels that have a complete node
        let mut tiles = Vec::new();
        let mut levels = Vec::with_capacity(self.peaks.len());
        let mut ragged = None; // the root of the incomplete subtree at the right end of this level
        let mut new = leaves.to_vec();
        for (level, peak) in (0_u32..).zip(&mut self.peaks) {
            if level % TILE_HEIGHT == 0 {
                grow_edge(&mut self.edge, level / TILE_HEIGHT, first >> level, &new, &mut tiles);
            }
            // An old peak is the left sibling of the first new node here, so every list starts at an even index.
            if first >> level & 1 == 1 {
                new.splice(0..0, *peak);
            }
            let above = pair_up(&new);
            *peak = new.last().copied().filter(|_| size >> level & 1 == 1);
            let next = match (*peak, ragged) {
                (Some(left), Some(right)) => Some(node_hash(&left, &right)),
                (left, right) => left.or(right),
            };
            levels.push(Level { start: first >> level & !1, nodes: new, ragged });
            (new, ragged) = (above, next);
        }
        self.size = size;
        Appended { first, size, root: ragged.unwrap_or(EMPTY_ROOT), tiles, levels }
    }
}

/// A tile that an append filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FullTile {
    /// The tile level: 0 holds leaf hashes.
    pub level: u8,
    /// The index within the level.
    pub index: u64,
    /// 256 hashes, 8,192 bytes.
    pub hashes: Vec<u8>,
}

/// What one append made: the new head, the tiles it filled, and enough to prove every leaf of the batch.
#[derive(Debug, Clone)]
pub struct Appended {
    /// The index of the first leaf of the batch.
    pub first: u64,
    /// The size after it.
    pub size: u64,
    /// The root after it.
    pub root: Hash,
    /// The tiles that filled up, in the order of level and index.
    pub tiles: Vec<FullTile>,
    levels: Vec<Level>,
}

/// The complete nodes of one binary level from an even index on, and the incomplete one at its right end.
#[derive(Debug, Clone)]
struct Level {
    start: u64,
    nodes: Vec<Hash>,
    ragged: Option<Hash>,
}

impl Appended {
    /// The inclusion proof at the new size for an index of this batch, from the leaf's sibling upwards; `None` for any other index.
    pub fn proof(&self, index: u64) -> Option<Vec<Hash>> {
        if !(self.first..self.size).contains(&index) {
            return None;
        }
        let mut proof = Vec::with_capacity(self.levels.len());
        for (depth, level) in self.levels.iter().enumerate() {
            let sibling = index >> depth ^ 1;
            let complete =
                sibling.checked_sub(level.start).and_then(|at| level.nodes.get(usize::try_from(at).ok()?));
            if let Some(hash) = complete {
                proof.push(*hash);
            } else if sibling == self.size >> depth {
                proof.extend(level.ragged);
            }
        }
        Some(proof)
    }
}

/// Adds the new nodes of a tile level to its partial tile, and cuts off the tiles that fill.
fn grow_edge(edge: &mut Vec<Vec<Hash>>, level: u32, first: u64, new: &[Hash], tiles: &mut Vec<FullTile>) {
    let slot = usize::try_from(level).unwrap_or_default();
    if edge.len() <= slot {
        edge.resize(slot + 1, Vec::new());
    }
    let Some(partial) = edge.get_mut(slot) else { return };
    let (mut index, mut rest) = (first >> TILE_HEIGHT, new);
    while let Some((fits, after)) = rest.split_at_checked(TILE_WIDTH.saturating_sub(partial.len())) {
        let hashes = partial.iter().chain(fits).flat_map(|hash| *hash.as_bytes()).collect();
        tiles.push(FullTile { level: u8::try_from(level).unwrap_or(u8::MAX), index, hashes });
        partial.clear();
        (index, rest) = (index + 1, after);
    }
    partial.extend_from_slice(rest);
}

fn bit_length(size: u64) -> usize {
    usize::try_from(u64::BITS - size.leading_zeros()).unwrap_or_default()
}

fn pair_up(nodes: &[Hash]) -> Vec<Hash> {
    let (pairs, _odd) = nodes.as_chunks::<2>();
    pairs.iter().map(|[left, right]| node_hash(left, right)).collect()
}

#[cfg(test)]
mod tests;
