//! What auditors may see: entries of the log, their fields opened, and proofs. Each look is an entry itself.

mod entries;
mod opening;
mod receipt;
mod tiles;

pub use entries::{EntryList, EntrySummary, ListEntries, ListEntriesOfPerson};
pub use opening::{EntryOpened, FieldOpened, OpenEntry};
pub use receipt::{MakeReceipt, ReceiptView};
pub use tiles::{ReadTiles, TilesRead};
