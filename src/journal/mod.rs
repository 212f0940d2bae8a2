//! The only two roads by which anything about a person leaves or changes: each ends in a durable entry of the log.
//!
//! [`Journal::disclose`] reads under a permit and releases the view once its entry is on disk. [`Journal::record`] prepares
//! a change and applies it in the same transaction as its entry. A refusal takes the same road, so that it costs and
//! looks the same. Nothing else makes a [`outcome::Disclosed`] or a [`outcome::Refused`].

mod batch;
pub mod call;
pub mod command;
pub mod disclosure;
mod draft;
pub mod exchange;
pub mod follower;
mod further;
mod gather;
mod guards;
mod head_file;
pub mod health;
mod kept;
pub mod log_file;
mod news;
pub mod outcome;
mod prepare;
mod process;
mod receipt;
mod resume;
mod road;
pub mod sealed;
mod settle;
mod signed;
mod witnessed;
mod writer;

pub(crate) use further::worker;
pub use process::{Journal, Policies};
pub use resume::diagnose;
pub use signed::{LogIdentity, kept_head, signed_head};
