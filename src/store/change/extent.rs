//! How much a change writes.

use super::Changes;
use crate::store::write::Write;

impl Changes {
    /// Whether nothing is written, spent or taken away by it.
    pub fn is_empty(&self) -> bool {
        self.writes.is_empty()
            && self.versions.is_empty()
            && self.bumps.is_empty()
            && self.erasure.is_none()
            && self.recovery.is_none()
    }

    /// Adds statements that do nothing, up to so many in all: what was found must not show in how much is written.
    pub fn pad_to(&mut self, statements: usize) {
        let written: usize = self.writes.iter().map(Write::statements).sum();
        let already = written.saturating_add(self.versions.len()).saturating_add(self.bumps.len());
        self.writes.push(Write::Nothing(statements.saturating_sub(already)));
    }
}
