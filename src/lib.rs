//! throughgate: one gateway through which agencies that help drug-misusing offenders share what they must, and nothing more.
//!
//! Data flows one way: transport → identity → api → domain → journal → policy → store.

pub mod admin;
pub mod api;
pub mod calendar;
pub mod certificates;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod demo;
pub mod directory;
pub mod domain;
pub mod gateway;
pub mod id;
pub mod identity;
pub mod journal;
pub mod ledger;
pub mod people;
pub mod policy;
pub mod problem;
pub mod recovery;
pub mod store;
pub mod submission;
pub mod telemetry;
pub mod transport;
pub mod vocabulary;
pub mod witness;
