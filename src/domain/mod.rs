//! The field's own rules: directory, people, consent, records, referrals, caseloads, scripts; and what auditors may see of the log.

pub mod account;
pub mod agency;
pub mod assessment;
pub mod audit;
pub mod breach;
pub mod caseload;
pub mod client;
pub mod consent;
pub mod deferral;
pub mod dir;
pub mod erasure;
pub mod event;
pub mod fault;
pub mod flag;
pub mod matching;
pub mod minute;
pub mod operator;
pub mod person;
pub mod prescribing;
pub mod referral;
pub mod release;
pub mod slot;
pub mod subject_access;
pub mod task;
pub mod validation;
