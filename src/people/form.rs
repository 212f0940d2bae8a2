//! The letters of a value as they are compared. A leaf.

use smallvec::SmallVec;

/// What is no longer lies in the value itself: to fetch it from elsewhere would take longer than to compare it.
const MOST_IN_PLACE: usize = 20;

/// A comparison form: the letters of a spelling, the characters of an identifier.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Form(SmallVec<[u8; MOST_IN_PLACE]>);

impl Form {
    pub(super) fn new(text: &str) -> Self {
        Self(SmallVec::from_slice(text.as_bytes()))
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(self.bytes()).unwrap_or_default()
    }

    /// Its UTF-8.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// How many bytes it has.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
