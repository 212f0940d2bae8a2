//! The subcommands, one file each: the only part of the project that speaks to a terminal.

pub mod audit;
pub mod certs;
pub mod policy;
pub mod token;
