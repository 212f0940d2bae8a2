//! Stories by area of the interface.

mod account;
mod agencies;
mod audit;
mod audit_export;
pub mod audit_remote;
pub mod caseload;
mod caseload_fishing;
mod caseload_lead;
mod caseload_leaks;
mod caseload_live;
mod caseload_naming;
mod caseload_possible;
mod clients;
pub mod consents;
pub mod erasure;
pub mod events;
mod flags;
mod holds;
pub mod linked;
pub mod notifying;
pub mod release;
mod scenario_05_check_before_case_management;
pub mod scripts;
mod subject_access;
mod subject_access_deferral;
mod subject_access_silent;
mod tasks;
