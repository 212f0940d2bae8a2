//! The account of disclosures: what the log says about a person, told in plain words. An agency reads the rows to which it was
//! a party; the person's whole account is read for her, under her own request.

mod model;
mod read;
mod telling;
mod whole;
pub mod words;

pub use model::{AccountView, DisclosurePart, DisclosureRow, DutyContact};
pub use read::{OPERATION, ReadAccount};
pub use whole::{AccountRow, ReadWholeAccount, WHOLE_OPERATION, WholeAccountView};
