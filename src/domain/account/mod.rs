//! The account of disclosures: what the log says about a person, told in plain words to an agency that was a party.

mod model;
mod read;
mod words;

pub use model::{AccountView, DisclosurePart, DisclosureRow, DutyContact};
pub use read::{OPERATION, ReadAccount};
