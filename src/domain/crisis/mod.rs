//! The look-up of a 24-hour line: outside of office hours its staff learn whether there is a service to ring for somebody in a crisis, and
//! the relay's number. Nothing else, and the same whoever holds her, and where nobody does.

pub mod codes;
mod look_up;
pub mod model;
mod report;
mod view;

pub use look_up::LookUpInCrisis;
pub use model::CrisisAsked;
pub use report::{CrisisLine, CrisisReport, ReadCrisisReport};
pub use view::CrisisView;
