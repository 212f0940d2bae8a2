//! Two signed trees of one log: whether one extends the other, and where two histories part.

use super::note::Checkpoint;
use super::proof::root_at;
use super::tree::{Nodes, ReadError};

/// What two checkpoints of one log say to each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// They are of the same tree.
    Same,
    /// The larger extends the smaller.
    Extends,
    /// They contradict each other: two histories were signed.
    Fork,
    /// The nodes that were given do not lead to the larger one's root: they are not its tree's.
    OtherNodes,
    /// The nodes do not suffice to tell.
    Unknown,
}

/// Holds two checkpoints against each other without any node: they are of one size, or it takes the tree to tell.
pub fn by_size_alone(one: &Checkpoint, other: &Checkpoint) -> Relation {
    match (one.size == other.size, one.root == other.root) {
        (true, true) => Relation::Same,
        (true, false) => Relation::Fork,
        (false, _) => Relation::Unknown,
    }
}

/// Holds two checkpoints against the tree that the larger was made of.
///
/// # Errors
/// When the store of the nodes fails.
pub fn by_tree<N: Nodes>(one: &Checkpoint, other: &Checkpoint, nodes: &N) -> Result<Relation, N::Error> {
    let (smaller, larger) = if one.size <= other.size { (one, other) } else { (other, one) };
    if smaller.size == larger.size {
        return Ok(by_size_alone(one, other));
    }
    let is_its_tree = match root_at(larger.size, nodes) {
        Ok(root) => root == larger.root,
        Err(ReadError::Store(error)) => return Err(error),
        Err(_) => return Ok(Relation::Unknown),
    };
    if !is_its_tree {
        return Ok(Relation::OtherNodes);
    }
    match root_at(smaller.size, nodes) {
        Ok(root) if root == smaller.root => Ok(Relation::Extends),
        Ok(_) => Ok(Relation::Fork),
        Err(ReadError::Store(error)) => Err(error),
        Err(_) => Ok(Relation::Unknown),
    }
}

/// The first index, below `size`, at which two trees have different leaves; none if they have the same ones up to there.
///
/// # Errors
/// When nodes cannot be read or are not there.
pub fn first_difference<A, B>(a: &A, b: &B, size: u64) -> Result<Option<u64>, ReadError<A::Error>>
where
    A: Nodes,
    B: Nodes<Error = A::Error>,
{
    let same = |size| Ok(root_at(size, a)? == root_at(size, b)?);
    if same(size)? {
        return Ok(None);
    }
    // Trees of `alike` leaves are the same, those of `apart` are not.
    let (mut alike, mut apart) = (0, size);
    while alike + 1 < apart {
        let middle = alike + (apart - alike) / 2;
        if same(middle)? { alike = middle } else { apart = middle }
    }
    Ok(Some(alike))
}
