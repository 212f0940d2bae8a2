//! Invariant 11: Proofs from our code = `ct-merkle` = `tlog_tiles` for random sizes; all published negative vectors are rejected.

use std::ops::Range;

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use throughgate::ledger::Hash;
use throughgate::ledger::proof::{consistency, inclusion, root_at, verify_consistency, verify_inclusion};
use throughgate::ledger::tree::{Nodes, Tree, leaf_hash};
use tlog_tiles::tlog;

use super::invariant_06::Dice;
use crate::support::rounds;

/// SHA-256 in the form that `ct_merkle` asks for.
#[derive(Clone)]
struct Sha256(ring::digest::Context);

impl Default for Sha256 {
    fn default() -> Self {
        Self(ring::digest::Context::new(&ring::digest::SHA256))
    }
}

impl digest::HashMarker for Sha256 {}

impl digest::OutputSizeUser for Sha256 {
    type OutputSize = digest::consts::U32;
}

impl digest::Update for Sha256 {
    fn update(&mut self, data: &[u8]) {
        self.0.update(data);
    }
}

impl digest::FixedOutput for Sha256 {
    fn finalize_into(self, out: &mut digest::Output<Self>) {
        out.copy_from_slice(self.0.finish().as_ref());
    }
}

/// The same log three times: ours, and those of two other implementations.
struct Three {
    size: u64,
    tiles: Vec<(u8, u64, Vec<u8>)>,
    leaves: Vec<Hash>,
    root: Hash,
    ct: MemoryBackedTree<Sha256, [u8; 8]>,
    tlog: Stored,
}

struct Stored(Vec<tlog::Hash>);

impl tlog::HashReader for Stored {
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<tlog::Hash>, tlog_tiles::Error> {
        Ok(indexes.iter().map(|index| self.0[usize::try_from(*index).unwrap()]).collect())
    }
}

impl Three {
    /// Ours grows in batches, as the writer's does.
    fn of(size: u64, dice: &mut Dice) -> Self {
        let (mut tree, mut tiles) = (Tree::new(), Vec::new());
        let (mut ct, mut tlog) = (MemoryBackedTree::new(), Stored(Vec::new()));
        for index in 0..size {
            ct.push(index.to_be_bytes());
            let more = tlog::stored_hashes(index, &index.to_be_bytes(), &tlog).unwrap();
            tlog.0.extend(more);
        }
        let leaves: Vec<Hash> = (0..size).map(|index| leaf_hash(&index.to_be_bytes())).collect();
        let mut rest = leaves.as_slice();
        while !rest.is_empty() {
            let (batch, after) = rest.split_at(1 + dice.below(rest.len().min(1_024)));
            let full = tree.append(batch).tiles;
            tiles.extend(full.into_iter().map(|tile| (tile.level, tile.index, tile.hashes)));
            rest = after;
        }
        Self { size, tiles, leaves, root: tree.root(), ct, tlog }
    }
}

impl Nodes for Three {
    type Error = ();

    fn full_tile(&self, level: u8, index: u64) -> Result<Vec<u8>, ()> {
        let found = self.tiles.iter().find(|(at, n, _)| (*at, *n) == (level, index));
        found.map(|(.., hashes)| hashes.clone()).ok_or(())
    }

    fn leaf_hashes(&self, range: Range<u64>) -> Result<Vec<Hash>, ()> {
        let at = |index: u64| usize::try_from(index).unwrap();
        Ok(self.leaves[at(range.start)..at(range.end)].to_vec())
    }
}

fn bytes(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.as_bytes()).collect()
}

fn theirs(hashes: &[Hash]) -> Vec<tlog::Hash> {
    hashes.iter().map(|hash| tlog::Hash(*hash.as_bytes())).collect()
}

fn of_theirs(hashes: Vec<tlog::Hash>) -> Vec<Hash> {
    hashes.into_iter().map(|hash| Hash::from_bytes(hash.0)).collect()
}

/// Sizes at which something in the tree's shape changes, and random ones.
fn size(dice: &mut Dice) -> u64 {
    let power = 1_u64 << dice.below(12);
    match dice.below(6) {
        0 => power,
        1 => power + 1,
        2 => power.max(2) - 1,
        3 => 256 * u64::try_from(1 + dice.below(12)).unwrap(),
        _ => u64::try_from(1 + dice.below(3_000)).unwrap(),
    }
}

/// Ways to spoil a proof of which the true one is none, as the test suites of other implementations have them.
fn spoilt(proof: &[Hash], roots: &[Hash]) -> Vec<Vec<Hash>> {
    let mut all = Vec::new();
    for at in 0..proof.len() {
        let mut changed = proof.to_vec();
        let mut flipped = *changed[at].as_bytes();
        flipped[3] ^= 8;
        changed[at] = Hash::from_bytes(flipped);
        all.push(changed);
        let mut without = proof.to_vec();
        without.remove(at);
        all.push(without);
    }
    for extra in roots.iter().copied().chain([Hash::from_bytes([0; 32]), Hash::sha256(b"")]) {
        all.push([proof, &[extra]].concat());
        all.push([&[extra], proof].concat());
        if !proof.is_empty() {
            all.push([&proof[..proof.len() - 1], &[extra]].concat());
        }
    }
    if proof.len() > 1 {
        let mut reversed = proof.to_vec();
        reversed.reverse();
        all.push(reversed);
        all.push([proof, proof].concat());
        all.push(Vec::new());
    }
    all.retain(|spoilt| spoilt != proof);
    all
}

#[test]
fn invariant_11_inclusion_proofs_are_those_of_two_others_and_every_negative_vector_is_rejected() {
    let mut dice = Dice::new("inclusion");
    for _ in 0..rounds(24) {
        let log = Three::of(size(&mut dice), &mut dice);
        let (size, root) = (log.size, log.root);
        assert_eq!(log.ct.root().as_bytes().as_slice(), root.as_bytes());
        assert_eq!(tlog::tree_hash(size, &log.tlog).unwrap().0, *root.as_bytes());
        for _ in 0..8 {
            let at = dice.below(log.leaves.len());
            let (index, leaf) = (u64::try_from(at).unwrap(), log.leaves[at]);
            let proof = inclusion(index, size, &log).unwrap();
            assert_eq!(
                proof,
                of_theirs(tlog::prove_record(size, index, &log.tlog).unwrap()),
                "{index} of {size}"
            );
            assert_eq!(bytes(&proof), log.ct.prove_inclusion(at).as_bytes(), "{index} of {size}");
            // Each believes the others' proofs.
            assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root), Ok(()));
            let (their_root, their_leaf) = (tlog::Hash(*root.as_bytes()), tlog::Hash(*leaf.as_bytes()));
            assert!(tlog::check_record(&theirs(&proof), size, their_root, index, their_leaf).is_ok());
            let in_ct = ct_merkle::InclusionProof::<Sha256>::from_bytes(bytes(&proof));
            assert!(log.ct.root().verify_inclusion(&index.to_be_bytes(), index, &in_ct).is_ok());

            for spoilt in spoilt(&proof, &[root, leaf]) {
                assert!(verify_inclusion(&leaf, index, size, &spoilt, &root).is_err(), "{index} of {size}");
                assert!(tlog::check_record(&theirs(&spoilt), size, their_root, index, their_leaf).is_err());
            }
            let other = Hash::sha256(b"another leaf");
            assert!(verify_inclusion(&other, index, size, &proof, &root).is_err());
            assert!(verify_inclusion(&leaf, index, size, &proof, &other).is_err());
            assert!(verify_inclusion(&root, index, size, &proof, &root).is_err() || size == 1);
            // Another place, or a tree of another size: believed only where the others believe it too.
            for (index, size) in [
                (index.wrapping_sub(1), size),
                (index + 1, size),
                (index ^ 2, size),
                (index + size, size),
                (index, size * 2),
                (index, size / 2),
                (index, size + 1),
                (index, size - 1),
                (index, 0),
                (index, 1 << 62),
            ] {
                let ours = verify_inclusion(&leaf, index, size, &proof, &root).is_ok();
                let others = tlog::check_record(&theirs(&proof), size, their_root, index, their_leaf).is_ok();
                assert_eq!(ours, others, "{index} of {size}");
                // The size is signed with the root: that a proof may fit other sizes is no matter, another place is.
                assert!(!ours || index == u64::try_from(at).unwrap());
            }
        }
    }
}

#[test]
fn invariant_11_consistency_proofs_are_those_of_two_others_and_every_negative_vector_is_rejected() {
    let mut dice = Dice::new("consistency");
    for _ in 0..rounds(24) {
        let log = Three::of(size(&mut dice), &mut dice);
        let (new, root) = (log.size, log.root);
        for _ in 0..8 {
            let old = 1 + u64::try_from(dice.below(log.leaves.len())).unwrap();
            let old_root = root_at(old, &log).unwrap();
            assert_eq!(tlog::tree_hash(old, &log.tlog).unwrap().0, *old_root.as_bytes());
            let proof = consistency(old, new, &log).unwrap();
            assert_eq!(proof, of_theirs(tlog::prove_tree(new, old, &log.tlog).unwrap()), "{old} to {new}");
            assert_eq!(verify_consistency(old, &old_root, new, &root, &proof), Ok(()));
            let (their_old, their_new) = (tlog::Hash(*old_root.as_bytes()), tlog::Hash(*root.as_bytes()));
            assert!(tlog::check_tree(&theirs(&proof), new, their_new, old, their_old).is_ok());
            if old < new {
                let added = usize::try_from(new - old).unwrap();
                assert_eq!(bytes(&proof), log.ct.prove_consistency(added).as_bytes(), "{old} to {new}");
                let mut smaller = MemoryBackedTree::<Sha256, [u8; 8]>::new();
                (0..old).for_each(|index| smaller.push(index.to_be_bytes()));
                let in_ct = ct_merkle::ConsistencyProof::<Sha256>::try_from_bytes(bytes(&proof)).unwrap();
                assert!(log.ct.root().verify_consistency(&smaller.root(), &in_ct).is_ok());
            }

            for spoilt in spoilt(&proof, &[root, old_root]) {
                assert!(verify_consistency(old, &old_root, new, &root, &spoilt).is_err(), "{old} to {new}");
                assert!(tlog::check_tree(&theirs(&spoilt), new, their_new, old, their_old).is_err());
            }
            let other = Hash::sha256(b"another tree");
            assert!(verify_consistency(old, &other, new, &root, &proof).is_err());
            assert!(verify_consistency(old, &old_root, new, &other, &proof).is_err());
            assert!(verify_consistency(old, &root, new, &old_root, &proof).is_err() || old == new);
            assert!(verify_consistency(new, &root, old, &old_root, &proof).is_err() || old == new);
            for (wrong_old, wrong_new) in [
                (old - 1, new),
                (old + 1, new),
                (old ^ 2, new),
                (old, new * 2),
                (old, new + 1),
                (old, new - 1),
                (old, new / 2),
                (0, new),
                (old, 0),
                (old, u64::MAX),
                (u64::MAX, u64::MAX),
            ] {
                let ours = verify_consistency(wrong_old, &old_root, wrong_new, &root, &proof).is_ok();
                if (1..=wrong_new).contains(&wrong_old) && wrong_new < 1 << 62 {
                    let others =
                        tlog::check_tree(&theirs(&proof), wrong_new, their_new, wrong_old, their_old).is_ok();
                    assert_eq!(ours, others, "{wrong_old} to {wrong_new}, made for {old} to {new}");
                } else if wrong_old == 0 || wrong_old > wrong_new {
                    assert!(!ours, "{wrong_old} to {wrong_new}");
                }
            }
        }
    }
}

/// The edges that published vectors have besides: nothing extends into anything, and nothing proves it.
#[test]
fn invariant_11_the_edges_that_vectors_have_are_rejected() {
    let (empty, other) = (Hash::sha256(b""), Hash::sha256(b"other"));
    let leaf = leaf_hash(b"leaf");
    assert_eq!(verify_inclusion(&leaf, 0, 1, &[], &leaf), Ok(()));
    for (index, size, proof, root) in [
        (0, 0, vec![], empty),
        (0, 0, vec![], leaf),
        (1, 1, vec![], leaf),
        (0, 1, vec![other], leaf),
        (0, 1, vec![], other),
        (0, 2, vec![], leaf),
        (0, 1, vec![Hash::from_bytes([0; 32])], leaf),
        (u64::MAX, 1, vec![], leaf),
        (u64::MAX - 1, u64::MAX, vec![other; 70], leaf),
    ] {
        assert!(verify_inclusion(&leaf, index, size, &proof, &root).is_err(), "{index} of {size}");
    }
    assert_eq!(verify_consistency(0, &empty, 0, &empty, &[]), Ok(()));
    assert_eq!(verify_consistency(0, &empty, 5, &other, &[]), Ok(()));
    assert_eq!(verify_consistency(5, &other, 5, &other, &[]), Ok(()));
    for (old, old_root, new, new_root, proof) in [
        (0, other, 5, leaf, vec![]),
        (0, empty, 5, leaf, vec![other]),
        (0, empty, 0, other, vec![]),
        (0, other, 0, other, vec![]),
        (5, other, 5, leaf, vec![]),
        (5, other, 5, other, vec![other]),
        (1, leaf, 2, other, vec![]),
        (2, leaf, 1, leaf, vec![]),
        (1, leaf, 1, leaf, vec![Hash::from_bytes([0; 32])]),
        (u64::MAX - 1, leaf, u64::MAX, leaf, vec![other; 70]),
    ] {
        let held = verify_consistency(old, &old_root, new, &new_root, &proof);
        assert!(held.is_err(), "{old} to {new}");
    }
}
