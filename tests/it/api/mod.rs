//! Stories by area of the interface.

mod account;
mod agencies;
mod audit;
mod audit_export;
pub mod audit_remote;
mod caseload;
mod clients;
mod consents;
pub mod erasure;
mod holds;
pub mod release;
