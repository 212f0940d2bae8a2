//! throughgate: one gateway through which agencies that help drug-misusing offenders share what they must, and nothing more.
//!
//! Data flows one way: transport → identity → api → domain → journal → policy → store.

pub mod cli;
pub mod clock;
pub mod id;
pub mod identity;
pub mod ledger;
pub mod policy;
pub mod vocabulary;
