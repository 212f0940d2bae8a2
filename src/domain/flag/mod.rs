//! Contact flags: the file note by which an agency learns, the same day, that somebody whom it looks after has come up again.

mod change;
mod list;
pub mod model;
mod reappear;
mod set;
mod setting;

pub use change::{EndFlag, FlagMoved, ReassignFlag, ReviewFlag};
pub use list::{FlagList, ListFlags, ReadFlag};
pub use model::{FlagEnded, FlagReassigned, FlagReviewed, FlagSet, FlagView};
pub use reappear::{Reappeared, tell_reappearance};
pub use set::SetFlag;
pub use setting::Setting;
