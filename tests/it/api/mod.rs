//! Stories by area of the interface.

mod audit;
mod caseload;
mod clients;
