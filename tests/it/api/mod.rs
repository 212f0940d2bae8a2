//! Stories by area of the interface.

mod account;
mod agencies;
mod audit;
mod audit_export;
mod audit_remote;
mod caseload;
mod clients;
mod consents;
mod erasure;
mod holds;
pub mod release;
mod subject_access;
mod subject_access_deferral;
mod subject_access_silent;
