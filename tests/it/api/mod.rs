//! Stories by area of the interface.

mod account;
mod agencies;
mod audit;
mod audit_export;
pub mod audit_remote;
pub mod caseload;
mod clients;
mod consents;
pub mod erasure;
mod holds;
pub mod linked;
mod matching;
pub mod notifying;
pub mod release;
mod subject_access;
mod subject_access_deferral;
mod subject_access_silent;
