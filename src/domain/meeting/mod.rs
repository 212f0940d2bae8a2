//! The pack of a multi-agency meeting (Hartlepool, St Helens, IOM, MAPPA): each agency writes its own page about a person, and each that
//! attends reads of every page what the person agreed that it may, and no more. Every page that is read is a disclosure by itself.

mod list;
pub mod model;
mod read;
mod write;

pub use list::{ListPages, PageList, PageListed};
pub use model::MeetingSays;
pub use read::{PageView, ReadPage};
pub use write::{PageWritten, WritePage, Written};
