//! What the operator of a deployment does, each on record.

mod agencies;
mod keys;
mod logs;
mod match_keys;
mod policies;

pub use agencies::{EnrolAgency, Enrolled, SetAgencyStatus};
pub use keys::{BeginRotation, EndRotation, RotationMoved};
pub use logs::{LogRecovered, RecoverLog};
pub use match_keys::{IndexMoved, KeyRecords, MoveIndex, next_lot};
pub use policies::ActivatePolicies;
