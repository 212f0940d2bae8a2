//! The entry ids of the last stretch of a log, in bounded memory, to see one that occurs twice.

use std::collections::{HashMap, VecDeque};

use crate::id::EntryId;

/// Remembers the last [`RecentIds::WINDOW`] ids.
pub(super) struct RecentIds {
    index: HashMap<EntryId, u64>,
    order: VecDeque<EntryId>,
}

impl RecentIds {
    /// About a million: at most some 80 MB.
    pub(super) const WINDOW: usize = 1 << 20;

    pub(super) fn new() -> Self {
        Self { index: HashMap::new(), order: VecDeque::new() }
    }

    /// Takes up an id; where it is already there, the index of the entry that has it.
    pub(super) fn add(&mut self, id: EntryId, index: u64) -> Option<u64> {
        if let Some(earlier) = self.index.get(&id) {
            return Some(*earlier);
        }
        if self.order.len() == Self::WINDOW
            && let Some(oldest) = self.order.pop_front()
        {
            self.index.remove(&oldest);
        }
        self.order.push_back(id);
        self.index.insert(id, index);
        None
    }
}
