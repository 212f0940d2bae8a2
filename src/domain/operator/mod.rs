//! What the operator of a deployment does, each on record.

mod agencies;
mod policies;

pub use agencies::{EnrolAgency, Enrolled, SetAgencyStatus};
pub use policies::ActivatePolicies;
