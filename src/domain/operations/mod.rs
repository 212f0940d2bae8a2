//! Days of an operation (Demi-John, Dobbin): police say that many will need a service at once, and how many, so that it has workers and
//! slots ready. It is about nobody. Police read nothing back.

mod announce;
mod list;
mod sweep;

pub use announce::{AnnounceDay, Announced, DayAnnounced};
pub use list::{DayView, ListDays, OperationsDays};
pub use sweep::SweepDays;
