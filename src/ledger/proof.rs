//! Proofs of RFC 6962 and RFC 9162: that a leaf is in a tree, that one tree extends another, and how both are checked.

use std::collections::BTreeMap;
use std::ops::Range;

use super::Hash;
use super::tree::{EMPTY_ROOT, Nodes, ReadError, TILE_HEIGHT, TILE_WIDTH, node_hash, root_of};

/// The inclusion proof of one index in the tree of this size, from the leaf's sibling upwards.
pub fn inclusion<N: Nodes>(index: u64, size: u64, nodes: &N) -> Result<Vec<Hash>, ReadError<N::Error>> {
    if index >= size {
        return Err(ReadError::OutOfRange);
    }
    let mut reader = Reader::new(size, nodes);
    let mut proof = Vec::new();
    for level in (0..u64::BITS).take_while(|level| (size - 1) >> level > 0) {
        let sibling = index >> level ^ 1;
        let first = sibling << level;
        if first < size {
            proof.push(reader.range(first..size.min(first.saturating_add(1 << level)))?);
        }
    }
    Ok(proof)
}

/// The root of the tree as it was at this size.
pub fn root_at<N: Nodes>(size: u64, nodes: &N) -> Result<Hash, ReadError<N::Error>> {
    if size == 0 { Ok(EMPTY_ROOT) } else { Reader::new(size, nodes).range(0..size) }
}

/// The proof that the tree of size `new` extends the one of size `old`.
pub fn consistency<N: Nodes>(old: u64, new: u64, nodes: &N) -> Result<Vec<Hash>, ReadError<N::Error>> {
    if old > new {
        return Err(ReadError::OutOfRange);
    }
    let mut proof = Vec::new();
    if old == 0 {
        return Ok(proof);
    }
    let mut reader = Reader::new(new, nodes);
    // SUBPROOF of RFC 6962 2.1.2, walked from the top; its hashes come out in the reverse order.
    let (mut range, mut known) = (0..new, true);
    while old < range.end {
        let split = range.start + largest_power_below(range.end - range.start);
        if old <= split {
            proof.push(reader.range(split..range.end)?);
            range = range.start..split;
        } else {
            proof.push(reader.range(range.start..split)?);
            (range, known) = (split..range.end, false);
        }
    }
    if !known {
        proof.push(reader.range(range)?);
    }
    proof.reverse();
    Ok(proof)
}

/// A proof that does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The index is not below the tree's size, or the old size is above the new one.
    #[error("the index or size lies outside the tree")]
    OutOfRange,
    /// The proof has more or fewer hashes than the sizes call for.
    #[error("the proof has the wrong length")]
    Length,
    /// The hashes lead to another root.
    #[error("the proof leads to another root")]
    Root,
}

/// Checks that a leaf hash is at this index of the tree with this size and root (RFC 9162 2.1.3.2).
pub fn verify_inclusion(
    leaf_hash: &Hash,
    index: u64,
    size: u64,
    proof: &[Hash],
    root: &Hash,
) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::OutOfRange);
    }
    let (mut node, mut last, mut hash) = (index, size - 1, *leaf_hash);
    for sibling in proof {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            hash = node_hash(sibling, &hash);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            hash = node_hash(&hash, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match (last, hash == *root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// Checks that the tree of the new size and root extends the one of the old (RFC 9162 2.1.4.2).
pub fn verify_consistency(
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
    proof: &[Hash],
) -> Result<(), ProofError> {
    if old > new {
        return Err(ProofError::OutOfRange);
    }
    if old == new || old == 0 {
        let holds = if old == new { old_root == new_root } else { *old_root == EMPTY_ROOT };
        let root_of_nothing = new > 0 || *new_root == EMPTY_ROOT;
        return match (proof.is_empty(), holds && root_of_nothing) {
            (true, true) => Ok(()),
            (true, false) => Err(ProofError::Root),
            (false, _) => Err(ProofError::Length),
        };
    }
    let (mut node, mut last) = (old - 1, new - 1);
    while node & 1 == 1 {
        (node, last) = (node >> 1, last >> 1);
    }
    // Where the old tree is one complete subtree, its root starts the walk and is not in the proof.
    let mut hashes = proof.iter();
    let start = if old.is_power_of_two() { old_root } else { hashes.next().ok_or(ProofError::Length)? };
    let (mut left, mut right) = (*start, *start);
    for sibling in hashes {
        if last == 0 {
            return Err(ProofError::Length);
        }
        if node & 1 == 1 || node == last {
            left = node_hash(sibling, &left);
            right = node_hash(sibling, &right);
            while node & 1 == 0 && node != 0 {
                (node, last) = (node >> 1, last >> 1);
            }
        } else {
            right = node_hash(&right, sibling);
        }
        (node, last) = (node >> 1, last >> 1);
    }
    match (last, left == *old_root && right == *new_root) {
        (0, true) => Ok(()),
        (0, false) => Err(ProofError::Root),
        _ => Err(ProofError::Length),
    }
}

/// The hashes of one tile in a tree that has `count` complete nodes at the tile's level: 256, or fewer in the last.
pub(crate) fn tile_hashes<N: Nodes>(
    nodes: &N,
    level: u8,
    index: u64,
    count: u64,
) -> Result<Vec<Hash>, ReadError<N::Error>> {
    let first = index << TILE_HEIGHT;
    let width = count.saturating_sub(first).min(256);
    if width == 256 {
        let bytes = nodes.full_tile(level, index).map_err(ReadError::Store)?;
        let (hashes, rest) = bytes.as_chunks::<32>();
        if hashes.len() != TILE_WIDTH || !rest.is_empty() {
            return Err(ReadError::TileLength { level, index });
        }
        return Ok(hashes.iter().copied().map(Hash::from_bytes).collect());
    }
    // A partial tile is not stored: its hashes are leaf hashes, or the roots of full tiles one level below.
    let range = first..first + width;
    match level.checked_sub(1) {
        None if width == 0 => Ok(Vec::new()),
        None => {
            let hashes = nodes.leaf_hashes(range).map_err(ReadError::Store)?;
            let enough = u64::try_from(hashes.len()) == Ok(width);
            if enough { Ok(hashes) } else { Err(ReadError::LeafCount { first }) }
        }
        Some(below) => range
            .map(|child| tile_hashes(nodes, below, child, u64::MAX).map(|hashes| root_of(&hashes)))
            .collect(),
    }
}

/// Reads each tile of a tree once.
struct Reader<'n, N> {
    size: u64,
    nodes: &'n N,
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl<'n, N: Nodes> Reader<'n, N> {
    fn new(size: u64, nodes: &'n N) -> Self {
        Self { size, nodes, tiles: BTreeMap::new() }
    }

    /// The Merkle tree hash of a range that is a subtree of the tree or its right end.
    fn range(&mut self, range: Range<u64>) -> Result<Hash, ReadError<N::Error>> {
        let (mut peaks, mut first) = (Vec::new(), range.start);
        while first < range.end {
            let level = (range.end - first).ilog2();
            peaks.push(self.complete(level, first >> level)?);
            first += 1 << level;
        }
        let folded = peaks.into_iter().rev().reduce(|right, left| node_hash(&left, &right));
        folded.ok_or(ReadError::OutOfRange)
    }

    /// The hash of a complete subtree, by its binary level and index.
    fn complete(&mut self, level: u32, index: u64) -> Result<Hash, ReadError<N::Error>> {
        let within = level % TILE_HEIGHT;
        let tile_level = u8::try_from(level / TILE_HEIGHT).map_err(|_| ReadError::OutOfRange)?;
        let tile = index >> (TILE_HEIGHT - within);
        let hashes = match self.tiles.entry((tile_level, tile)) {
            std::collections::btree_map::Entry::Occupied(known) => known.into_mut(),
            std::collections::btree_map::Entry::Vacant(new) => {
                let count = self.size >> (u32::from(tile_level) * TILE_HEIGHT);
                new.insert(tile_hashes(self.nodes, tile_level, tile, count)?)
            }
        };
        let first = usize::try_from((index << within) & 255).map_err(|_| ReadError::OutOfRange)?;
        let span = hashes.get(first..first + (1 << within)).ok_or(ReadError::OutOfRange)?;
        Ok(root_of(span))
    }
}

fn largest_power_below(count: u64) -> u64 {
    1 << (count - 1).max(1).ilog2()
}

#[cfg(test)]
#[path = "proof_tests.rs"]
mod tests;
