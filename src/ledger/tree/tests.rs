//! The tree against other people's implementations of the same standard, at random sizes and ways of growing.

use std::collections::BTreeMap;
use std::convert::Infallible;

use proptest::prelude::*;
use tlog_tiles::tlog;

use super::*;
use crate::ledger::proof::{self, ProofError, verify_consistency, verify_inclusion};
use crate::ledger::tiles::{TileFile, TileKind, changes, decode_bundle, encode_bundle};

/// A store in memory, filled as a writer fills its own.
#[derive(Default)]
struct Memory {
    tiles: BTreeMap<(u8, u64), Vec<u8>>,
    leaves: Vec<Hash>,
}

impl Nodes for Memory {
    type Error = Infallible;

    fn full_tile(&self, level: u8, index: u64) -> Result<Vec<u8>, Infallible> {
        Ok(self.tiles.get(&(level, index)).cloned().unwrap_or_default())
    }

    fn leaf_hashes(&self, range: Range<u64>) -> Result<Vec<Hash>, Infallible> {
        let (first, end) = (usize::try_from(range.start).unwrap(), usize::try_from(range.end).unwrap());
        assert!(end - first < TILE_WIDTH);
        Ok(self.leaves.get(first..end).unwrap_or_default().to_vec())
    }
}

impl Memory {
    fn append(&mut self, tree: &mut Tree, leaves: &[Hash]) -> Appended {
        let appended = tree.append(leaves);
        self.leaves.extend_from_slice(leaves);
        for tile in &appended.tiles {
            assert_eq!(tile.hashes.len(), 8192);
            assert!(self.tiles.insert((tile.level, tile.index), tile.hashes.clone()).is_none());
        }
        appended
    }
}

/// The other implementation: it stores every complete node.
#[derive(Default)]
struct Oracle(Vec<tlog::Hash>);

impl tlog::HashReader for Oracle {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).unwrap()]).collect())
    }
}

impl Oracle {
    fn of(size: u64) -> Self {
        let mut oracle = Self::default();
        for index in 0..size {
            let more = tlog::stored_hashes(index, &index.to_be_bytes(), &oracle).unwrap();
            oracle.0.extend(more);
        }
        oracle
    }

    fn root(&self, size: u64) -> Hash {
        Hash::from_bytes(tlog::tree_hash(size, self).unwrap().0)
    }
}

fn leaf(index: u64) -> Hash {
    leaf_hash(&index.to_be_bytes())
}

fn grown(batches: &[u64]) -> (Tree, Memory) {
    let (mut tree, mut memory) = (Tree::new(), Memory::default());
    for batch in batches {
        let leaves: Vec<_> = (tree.size()..tree.size() + batch).map(leaf).collect();
        memory.append(&mut tree, &leaves);
    }
    (tree, memory)
}

fn ours(proof: Vec<tlog::Hash>) -> Vec<Hash> {
    proof.into_iter().map(|hash| Hash::from_bytes(hash.0)).collect()
}

#[test]
fn the_empty_tree_is_that_of_the_standard() {
    assert_eq!(EMPTY_ROOT, Hash::sha256(b""));
    assert_eq!((Tree::new().root(), Tree::new().append(&[]).root), (EMPTY_ROOT, EMPTY_ROOT));
    assert_eq!(
        leaf_hash(b"").to_string(),
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    );
    assert_eq!(proof::root_at(0, &Memory::default()), Ok(EMPTY_ROOT));
}

#[test]
fn a_tree_of_three_tile_levels_fills_its_tiles() {
    let (tree, memory) = grown(&[65_000, 1_056, 300]);
    assert!(memory.tiles.contains_key(&(1, 0)));
    assert_eq!(memory.tiles.keys().filter(|(level, _)| *level == 0).count(), 66_356 / 256);
    assert_eq!((tree.partial_tile(1).len(), tree.partial_tile(2).len()), (66_356 / 256 % 256, 1));
    assert_eq!(Tree::resume(66_356, &memory), Ok(tree.clone()));
    assert_eq!(proof::root_at(66_356, &memory), Ok(tree.root()));
    assert_eq!(Oracle::of(66_356).root(66_356), tree.root());
}

#[test]
fn a_store_that_lost_a_tile_is_refused() {
    let (_, mut memory) = grown(&[600]);
    memory.tiles.remove(&(0, 1));
    assert_eq!(Tree::resume(600, &memory), Err(ReadError::TileLength { level: 0, index: 1 }));
    memory.leaves.pop();
    assert_eq!(proof::inclusion(599, 600, &memory), Err(ReadError::LeafCount { first: 512 }));
    assert_eq!(proof::inclusion(600, 600, &memory), Err(ReadError::OutOfRange));
    assert_eq!(proof::consistency(2, 1, &memory), Err(ReadError::OutOfRange));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_way_of_growing_gives_the_roots_and_proofs_of_others(batches in prop::collection::vec(0_u64..400, 1..5)) {
        let (mut tree, mut memory) = (Tree::new(), Memory::default());
        for batch in &batches {
            let leaves: Vec<_> = (tree.size()..tree.size() + batch).map(leaf).collect();
            let appended = memory.append(&mut tree, &leaves);
            let size = tree.size();
            let oracle = Oracle::of(size);
            prop_assert_eq!(tree.root(), oracle.root(size));
            prop_assert_eq!((appended.root, appended.size), (tree.root(), size));
            let count = usize::try_from(size.count_ones()).unwrap();
            prop_assert_eq!(tree.peaks().len(), 32 * count);
            for index in (appended.first..size).step_by(7) {
                let expected = ours(tlog::prove_record(size, index, &oracle).unwrap());
                prop_assert_eq!(appended.proof(index), Some(expected.clone()));
                prop_assert_eq!(proof::inclusion(index, size, &memory), Ok(expected.clone()));
                prop_assert_eq!(verify_inclusion(&leaf(index), index, size, &expected, &tree.root()), Ok(()));
            }
            prop_assert_eq!(appended.proof(size), None);
            prop_assert_eq!(appended.first.checked_sub(1).and_then(|index| appended.proof(index)), None);
            prop_assert_eq!(Tree::resume(size, &memory), Ok(tree.clone()));
        }
    }

    #[test]
    fn consistency_proofs_are_those_of_others(sizes in (1_u64..900).prop_flat_map(|new| (1..=new, Just(new)))) {
        let (old, new) = sizes;
        let (tree, memory) = grown(&[new]);
        let oracle = Oracle::of(new);
        let old_root = proof::root_at(old, &memory).unwrap();
        prop_assert_eq!(old_root, oracle.root(old));
        let made = proof::consistency(old, new, &memory).unwrap();
        prop_assert_eq!(&made, &ours(tlog::prove_tree(new, old, &oracle).unwrap()));
        prop_assert_eq!(verify_consistency(old, &old_root, new, &tree.root(), &made), Ok(()));
        for at in 0..made.len() {
            let mut changed = made.clone();
            changed[at] = leaf(u64::MAX);
            prop_assert_eq!(verify_consistency(old, &old_root, new, &tree.root(), &changed), Err(ProofError::Root));
            prop_assert!(verify_consistency(old, &old_root, new, &tree.root(), &made[..at]).is_err());
        }
        let longer = [made.as_slice(), &[old_root]].concat();
        prop_assert!(verify_consistency(old, &old_root, new, &tree.root(), &longer).is_err());
        prop_assert!(verify_consistency(old, &leaf(0), new, &leaf(1), &made).is_err());
    }

    #[test]
    fn an_inclusion_proof_holds_for_one_leaf_at_one_place(size in 2_u64..600, pick: prop::sample::Index) {
        let (tree, memory) = grown(&[size]);
        let index = u64::try_from(pick.index(usize::try_from(size).unwrap())).unwrap();
        let made = proof::inclusion(index, size, &memory).unwrap();
        let root = tree.root();
        prop_assert!(verify_inclusion(&leaf(index + 1), index, size, &made, &root).is_err());
        prop_assert!(verify_inclusion(&leaf(index), index ^ 1, size, &made, &root).is_err());
        prop_assert_eq!(verify_inclusion(&leaf(index), size, size, &made, &root), Err(ProofError::OutOfRange));
        for at in 0..made.len() {
            let mut changed = made.clone();
            changed[at] = leaf(u64::MAX);
            prop_assert_eq!(verify_inclusion(&leaf(index), index, size, &changed, &root), Err(ProofError::Root));
            prop_assert!(verify_inclusion(&leaf(index), index, size, &made[..at], &root).is_err());
        }
        let longer = [made.as_slice(), &[root]].concat();
        prop_assert!(verify_inclusion(&leaf(index), index, size, &longer, &root).is_err());
    }

    #[test]
    fn the_files_that_a_growth_writes_are_those_that_others_name(old in 0_u64..70_000, more in 1_u64..2_000) {
        let new = old + more;
        let mut theirs: Vec<_> = tlog_tiles::tile::Tile::new_tiles(8, old, new)
            .into_iter()
            .map(|tile| tile.path().replacen("tile/8/", "tile/", 1))
            .collect();
        let mut made: Vec<_> = changes(old, new)
            .write
            .into_iter()
            .filter(|file| file.kind != TileKind::Entries)
            .map(|file| file.to_string())
            .collect();
        theirs.sort();
        made.sort();
        prop_assert_eq!(made, theirs);
    }
}

#[test]
fn paths_are_those_of_the_specification() {
    let path = |kind, index, width| TileFile { kind, index, width }.to_string();
    assert_eq!(path(TileKind::Hashes(0), 1_234_067, 256), "tile/0/x001/x234/067");
    assert_eq!(path(TileKind::Entries, 0, 256), "tile/entries/000");
    assert_eq!(path(TileKind::Hashes(2), 0, 1), "tile/2/000.p/1");
    assert_eq!(path(TileKind::Entries, 1000, 17), "tile/entries/x001/000.p/17");
    // The specification's own example: a tree of 70,000.
    let all: Vec<_> =
        changes(0, 70_000).write.into_iter().filter(|file| file.kind != TileKind::Entries).collect();
    assert_eq!(all.len(), 273 + 1 + 1 + 1 + 1);
    let partial: Vec<_> = all.iter().filter(|file| !file.is_full()).map(|file| file.width).collect();
    assert_eq!(partial, [112, 17, 1]);
}

#[test]
fn what_a_growth_replaces_it_removes() {
    let names = |files: Vec<TileFile>| files.iter().map(ToString::to_string).collect::<Vec<_>>();
    let grown = changes(3, 256);
    assert_eq!(names(grown.write), ["tile/entries/000", "tile/0/000", "tile/1/000.p/1"]);
    assert_eq!(names(grown.remove), ["tile/entries/000.p/3", "tile/0/000.p/3"]);
    assert_eq!(names(changes(256, 257).write), ["tile/entries/001.p/1", "tile/0/001.p/1"]);
    assert!(names(changes(256, 257).remove).is_empty());
    assert!(names(changes(9, 9).write).is_empty());
}

#[test]
fn a_bundle_comes_back_and_a_cut_one_names_the_place() {
    let entries: [&[u8]; 3] = [b"one", b"", b"three"];
    let bytes = encode_bundle(entries).unwrap();
    assert_eq!(bytes, b"\0\x03one\0\0\0\x05three");
    assert_eq!(decode_bundle(&bytes).unwrap(), entries);
    assert_eq!(decode_bundle(&bytes[..bytes.len() - 1]).unwrap_err().at, 7);
    assert_eq!(decode_bundle(&bytes[..6]).unwrap_err().at, 5);
    assert_eq!(encode_bundle([vec![0; 65_536].as_slice()]), None);
}
