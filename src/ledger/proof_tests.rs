//! The classic test tree of eight leaves with its published roots and proofs, and every way to spoil a proof.

use proptest::prelude::*;

use super::*;
use crate::ledger::fixture::{export, leaves};
use crate::ledger::tree::{Tree, leaf_hash};
use crate::ledger::verify::DirectoryNodes;

/// The leaves of the test tree that implementations of RFC 6962 share.
const LEAVES: [&[u8]; 8] = [
    b"",
    &[0x00],
    &[0x10],
    &[0x20, 0x21],
    &[0x30, 0x31],
    &[0x40, 0x41, 0x42, 0x43],
    &[0x50, 0x51, 0x52, 0x53, 0x54, 0x55, 0x56, 0x57],
    &[0x60, 0x61, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x6b, 0x6c, 0x6d, 0x6e, 0x6f],
];

const ROOTS: [&str; 9] = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
];

const N01: &str = "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125";
const N0: &str = "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d";
const N1: &str = "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7";
const N23: &str = "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e";
const N0123: &str = "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7";
const N4: &str = "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b";
const N45: &str = "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a";
const N67: &str = "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0";
const N4567: &str = "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4";

/// Nodes of the small tree.
struct Small(usize);

impl Nodes for Small {
    type Error = std::convert::Infallible;

    fn full_tile(&self, _level: u8, _index: u64) -> Result<Vec<u8>, Self::Error> {
        Ok(Vec::new())
    }

    fn leaf_hashes(&self, range: Range<u64>) -> Result<Vec<Hash>, Self::Error> {
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap().min(self.0);
        Ok(LEAVES[range].iter().map(|leaf| leaf_hash(leaf)).collect())
    }
}

fn hash(text: &str) -> Hash {
    text.parse().unwrap()
}

#[test]
fn the_test_tree_has_its_published_roots() {
    for (size, expected) in ROOTS.iter().enumerate() {
        let hashes: Vec<_> = LEAVES[..size].iter().map(|leaf| leaf_hash(leaf)).collect();
        let mut tree = Tree::new();
        tree.append(&hashes);
        assert_eq!(tree.root(), hash(expected), "{size}");
        assert_eq!(root_at(u64::try_from(size).unwrap(), &Small(size)), Ok(hash(expected)), "{size}");
    }
}

#[test]
fn the_test_tree_has_its_published_inclusion_proofs() {
    for (index, size, expected) in [
        (0, 1, vec![]),
        (0, 8, vec![N1, N23, N4567]),
        (5, 8, vec![N4, N67, N0123]),
        (2, 3, vec![N01]),
        (1, 5, vec![N0, N23, N4]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(hash).collect();
        let tree = Small(usize::try_from(size).unwrap());
        assert_eq!(inclusion(index, size, &tree), Ok(expected.clone()), "{index} of {size}");
        let (at, root) = (usize::try_from(index).unwrap(), hash(ROOTS[tree.0]));
        assert_eq!(verify_inclusion(&leaf_hash(LEAVES[at]), index, size, &expected, &root), Ok(()));
    }
}

#[test]
fn the_test_tree_has_its_published_consistency_proofs() {
    for (old, new, expected) in [
        (1, 1, vec![]),
        (1, 8, vec![N1, N23, N4567]),
        (6, 8, vec![N45, N67, N0123]),
        (2, 5, vec![N23, N4]),
        (0, 8, vec![]),
    ] {
        let expected: Vec<_> = expected.into_iter().map(hash).collect();
        let (first, second) = (usize::try_from(old).unwrap(), usize::try_from(new).unwrap());
        assert_eq!(consistency(old, new, &Small(second)), Ok(expected.clone()), "{old} to {new}");
        let (first, second) = (hash(ROOTS[first]), hash(ROOTS[second]));
        assert_eq!(verify_consistency(old, &first, new, &second, &expected), Ok(()), "{old} to {new}");
    }
}

/// What spoils a proof of some length.
#[derive(Debug, Clone)]
enum Spoil {
    Flip(prop::sample::Index, usize),
    Swap(prop::sample::Index, prop::sample::Index),
    Remove(prop::sample::Index),
    Repeat(prop::sample::Index),
    Insert(prop::sample::Index, [u8; 32]),
}

impl Spoil {
    fn any() -> impl Strategy<Value = Self> {
        let pick = any::<prop::sample::Index>;
        prop_oneof![
            (pick(), 0..256_usize).prop_map(|(at, bit)| Self::Flip(at, bit)),
            (pick(), pick()).prop_map(|(one, two)| Self::Swap(one, two)),
            pick().prop_map(Self::Remove),
            pick().prop_map(Self::Repeat),
            (pick(), any::<[u8; 32]>()).prop_map(|(at, bytes)| Self::Insert(at, bytes)),
        ]
    }

    fn of(&self, proof: &[Hash]) -> Vec<Hash> {
        let mut spoilt = proof.to_vec();
        match self {
            Self::Insert(at, bytes) => spoilt.insert(at.index(proof.len() + 1), Hash::from_bytes(*bytes)),
            _ if proof.is_empty() => {}
            Self::Flip(at, bit) => {
                let at = at.index(proof.len());
                let mut bytes = *proof[at].as_bytes();
                bytes[bit / 8] ^= 1 << (bit % 8);
                spoilt[at] = Hash::from_bytes(bytes);
            }
            Self::Swap(one, two) => spoilt.swap(one.index(proof.len()), two.index(proof.len())),
            Self::Remove(at) => drop(spoilt.remove(at.index(proof.len()))),
            Self::Repeat(at) => {
                let at = at.index(proof.len());
                spoilt.insert(at, proof[at]);
            }
        }
        spoilt
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_spoilt_inclusion_proof_never_holds(
        size in 1_u64..700, pick: prop::sample::Index, other in 1_u64..700, spoil in Spoil::any(),
    ) {
        let leaves = leaves(700);
        let files = export(&leaves, &[700]);
        let nodes = DirectoryNodes::new(&files, 700);
        let index = u64::try_from(pick.index(usize::try_from(size).unwrap())).unwrap();
        let leaf = leaf_hash(&leaves[usize::try_from(index).unwrap()]);
        let (proof, root) = (inclusion(index, size, &nodes).unwrap(), root_at(size, &nodes).unwrap());
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &proof, &root), Ok(()));
        let spoilt = spoil.of(&proof);
        prop_assert_eq!(verify_inclusion(&leaf, index, size, &spoilt, &root).is_ok(), spoilt == proof);
        // Of another size, whose root is signed with it.
        let its_root = root_at(other, &nodes).unwrap();
        let holds = verify_inclusion(&leaf, index, other, &proof, &its_root).is_ok();
        prop_assert_eq!(holds, other == size);
        for wrong in [index + 1, index.wrapping_sub(1), index ^ 256, u64::MAX] {
            prop_assert!(verify_inclusion(&leaf, wrong, size, &proof, &root).is_err());
        }
    }

    #[test]
    fn a_spoilt_consistency_proof_never_holds(
        sizes in (1_u64..700).prop_flat_map(|new| (0..=new, Just(new))), other in 0_u64..700, spoil in Spoil::any(),
    ) {
        let (old, new) = sizes;
        let files = export(&leaves(700), &[700]);
        let nodes = DirectoryNodes::new(&files, 700);
        let root = |size| root_at(size, &nodes).unwrap();
        let proof = consistency(old, new, &nodes).unwrap();
        prop_assert_eq!(verify_consistency(old, &root(old), new, &root(new), &proof), Ok(()));
        let spoilt = spoil.of(&proof);
        prop_assert_eq!(verify_consistency(old, &root(old), new, &root(new), &spoilt).is_ok(), spoilt == proof);
        prop_assert_eq!(verify_consistency(old, &root(other), new, &root(new), &proof).is_ok(), other == old);
        prop_assert_eq!(verify_consistency(old, &root(old), new, &root(other), &proof).is_ok(), other == new || old == 0 && other > 0);
        // Of another size with the root that belongs to it: only the proof for that size holds.
        let right = other <= new && consistency(other, new, &nodes).unwrap() == proof;
        prop_assert_eq!(verify_consistency(other, &root(other), new, &root(new), &proof).is_ok(), right);
        prop_assert!(verify_consistency(new + 1, &root(old), new, &root(new), &proof).is_err());
    }
}
