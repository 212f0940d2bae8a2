//! What a request is about.

use super::record::Kind;
use crate::id::Handle;

/// What a request is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Subject {
    /// Nobody: the directory, the log, someone presented for the first time.
    Nobody,
    /// Many people, as the log, an agency's tasks, its events and the questions to it name them. Like a collection it rests on whatever may
    /// close something on any of them.
    Many,
    /// The records of many people to which the agency itself is a party, listed by handle and state. It is the agency's own
    /// list; each record of it is asked for by itself.
    Collection,
    /// One of the agency's clients.
    Client(Handle),
    /// A record that the agency has a handle for.
    Record(Kind, Handle),
}

impl Subject {
    /// Whether it is about one person, if there is one.
    pub const fn is_somebody(self) -> bool {
        matches!(self, Self::Client(_) | Self::Record(..))
    }
}
