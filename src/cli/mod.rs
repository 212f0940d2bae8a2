//! The commands of the one binary, one file each.

pub mod audit;
