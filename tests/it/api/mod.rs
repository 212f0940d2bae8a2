//! Stories by area of the interface.

mod audit;
mod caseload;
mod account;
mod agencies;
mod clients;
mod consents;
