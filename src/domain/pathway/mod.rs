//! What is done for a client on each of the eight pathways out of offending, and which pathway has the most left undone (Wigan).

mod acting;
pub mod codes;
mod list;
pub mod model;
mod report;

pub use acting::{ActionEnded, ActionMoved, ActionPlanned, BeginAction, EndAction};
pub use list::{ActionList, ActionView, ListActions};
pub use report::{PathwayCount, PathwayReportView, ReadPathwayReport};
