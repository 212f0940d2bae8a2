//! What the operator does: enrols, suspends and resumes agencies, and activates a policy set. Each is an entry of the log.

mod enrol;
mod policies;
mod status;

pub use enrol::{EnrolAgency, Enrolled};
pub use policies::{ActivatePolicies, Activated};
pub use status::{SetAgencyStatus, StatusSet};
