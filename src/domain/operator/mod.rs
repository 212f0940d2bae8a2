//! What the operator of a deployment does, each on record.

mod policies;

pub use policies::ActivatePolicies;
