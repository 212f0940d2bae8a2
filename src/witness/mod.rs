//! A witness: a service of its own that holds a log's operator to one history, by cosigning only what extends what it saw.
//!
//! It speaks C2SP `tlog-witness` over mutual TLS. Any partner can run one; it sees sizes and hashes, and no person's data.

mod config;
mod cosigner;
pub mod init;
mod memory;
mod service;

pub use config::{EnrolledLog, WitnessConfig, WitnessConfigError};
pub use cosigner::{Cosigner, Refused};
pub use memory::MemoryError;
pub use service::{StartError, WitnessService};
