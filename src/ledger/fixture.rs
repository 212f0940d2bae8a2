//! Logs on paper, for the tests of what reads logs.

use std::collections::BTreeMap;
use std::convert::Infallible;

use jiff::Timestamp;

use super::Hash;
use super::entry::Leaf;
use super::note::SigningKey;
use super::tiles::{self, TileKind};
use super::tree::{Tree, leaf_hash};
use super::verify::LogDirectory;
use crate::id::EntryId;
use crate::vocabulary::{EntryKind, Outcome};

pub(crate) const ORIGIN: &str = "northmoor.example/log";
pub(crate) const START_MS: i64 = 1_780_000_000_000;

/// The files of a log by their paths.
pub(crate) type Files = BTreeMap<String, Vec<u8>>;

impl LogDirectory for Files {
    type Error = Infallible;

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, Infallible> {
        Ok(self.get(path).cloned())
    }

    fn visit(&self, see: &mut dyn FnMut(&str)) -> Result<bool, Infallible> {
        self.keys().for_each(|path| see(path));
        Ok(true)
    }
}

pub(crate) fn key() -> SigningKey {
    SigningKey::from_seed(ORIGIN, &[7; 32]).unwrap()
}

pub(crate) fn leaves(count: u64) -> Vec<Vec<u8>> {
    (0..count)
        .map(|index| {
            let ts = Timestamp::from_millisecond(START_MS + i64::try_from(index).unwrap()).unwrap();
            leaf(index, ts).to_bytes()
        })
        .collect()
}

pub(crate) fn leaf(index: u64, ts: Timestamp) -> Leaf {
    let mut id = [0; 16];
    id[8..].copy_from_slice(&index.to_be_bytes());
    Leaf {
        id: EntryId::from_bytes(id),
        ts,
        kind: EntryKind::Disclosure,
        outcome: Outcome::Permitted,
        origin: ORIGIN.to_owned(),
        replica: "a".to_owned(),
        policy_sha256: Hash::sha256(b"policies"),
        details: Hash::sha256(&index.to_be_bytes()),
    }
}

/// Writes a directory as a follower would, in steps of these sizes.
pub(crate) fn export(leaves: &[Vec<u8>], sizes: &[u64]) -> Files {
    let mut files = Files::new();
    let (mut tree, mut old) = (Tree::new(), 0);
    let mut full = BTreeMap::new();
    for size in sizes.iter().copied() {
        let range = usize::try_from(old).unwrap()..usize::try_from(size).unwrap();
        let hashes: Vec<_> = leaves[range].iter().map(|leaf| leaf_hash(leaf)).collect();
        full.extend(tree.append(&hashes).tiles.into_iter().map(|t| ((t.level, t.index), t.hashes)));
        let changes = tiles::changes(old, size);
        for file in changes.write {
            let bytes = match file.kind {
                TileKind::Entries => {
                    let first = usize::try_from(file.first()).unwrap();
                    let entries = &leaves[first..first + usize::from(file.width)];
                    tiles::encode_bundle(entries.iter().map(Vec::as_slice)).unwrap()
                }
                TileKind::Hashes(level) if file.is_full() => full[&(level, file.index)].clone(),
                TileKind::Hashes(level) => {
                    tree.partial_tile(level).iter().flat_map(|h| *h.as_bytes()).collect()
                }
            };
            files.insert(file.to_string(), bytes);
        }
        for file in changes.remove {
            files.remove(&file.to_string()).unwrap();
        }
        old = size;
    }
    files.insert("checkpoint".to_owned(), key().sign(&key().checkpoint(old, tree.root())).into_bytes());
    files
}
