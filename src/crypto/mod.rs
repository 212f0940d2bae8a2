//! Encryption at rest: the key ring, the envelopes that columns hold, and the keyed tokens that stand for values.

mod blind_index;
mod cursor;
mod envelope;
mod keyring;
mod match_keys;
mod ring_file;

pub use blind_index::{BlindIndex, Token};
pub use cursor::CursorFor;
pub use envelope::{Bound, DataKey, Unreadable};
pub use keyring::{KeyRing, KeyRingError, WrappedKey};
pub use match_keys::{Generation, MatchKeys, UseKey};
