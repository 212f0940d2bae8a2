//! Decisions remembered by exactly what they depend on, in a bounded space, for many readers at once.

use std::collections::HashMap;
use std::hash::{BuildHasher, Hash, RandomState};
use std::sync::{PoisonError, RwLock};

const SHARDS: usize = 16;

/// A bounded map that many threads read. A full shard is emptied: what is asked often is back at once, and nothing is ever
/// wrong for being old, because a key holds everything that its value depends on.
#[derive(Debug)]
pub(super) struct Cache<K, V> {
    shards: Vec<RwLock<HashMap<K, V>>>,
    hasher: RandomState,
    shard_capacity: usize,
}

impl<K: Hash + Eq, V: Clone> Cache<K, V> {
    /// Room for this many entries.
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            shards: std::iter::repeat_with(RwLock::default).take(SHARDS).collect(),
            hasher: RandomState::new(),
            shard_capacity: capacity.div_ceil(SHARDS).max(1),
        }
    }

    /// What is remembered under the key, or else what `make` gives, which is remembered.
    pub(super) fn get_or_insert_with(&self, key: K, make: impl FnOnce() -> V) -> V {
        let Some(shard) = self.shard(&key) else {
            return make();
        };
        if let Some(value) = shard.read().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return value.clone();
        }
        let value = make();
        let mut entries = shard.write().unwrap_or_else(PoisonError::into_inner);
        if entries.len() >= self.shard_capacity {
            entries.clear();
        }
        entries.insert(key, value.clone());
        value
    }

    /// How many entries there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.shards.iter().map(|shard| shard.read().unwrap().len()).sum()
    }

    fn shard(&self, key: &K) -> Option<&RwLock<HashMap<K, V>>> {
        let shards = u64::try_from(self.shards.len()).ok()?;
        let place = self.hasher.hash_one(key).checked_rem(shards)?;
        self.shards.get(usize::try_from(place).ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_remembered_is_not_made_again() {
        let cache = Cache::new(64);
        assert_eq!(cache.get_or_insert_with(7, || "made"), "made");
        assert_eq!(cache.get_or_insert_with(7, || unreachable!("it was remembered")), "made");
    }

    #[test]
    fn it_never_holds_more_than_its_room() {
        let cache = Cache::new(64);
        for key in 0..10_000 {
            cache.get_or_insert_with(key, || key);
            assert!(cache.len() <= 64);
        }
    }
}
