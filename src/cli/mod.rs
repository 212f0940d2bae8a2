//! The subcommands: one file each, arguments and what they do.

pub mod certs;
pub mod token;
