//! Stories by area of the interface.

mod account;
mod agencies;
mod audit;
mod audit_export;
pub mod audit_remote;
pub mod caseload;
mod clients;
pub mod consents;
pub mod erasure;
pub mod events;
mod flags;
mod holds;
pub mod linked;
pub mod notifying;
pub mod release;
pub mod scripts;
mod subject_access;
mod subject_access_deferral;
mod subject_access_silent;
mod tasks;
