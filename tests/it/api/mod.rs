//! Stories by area of the interface.

mod account;
mod agencies;
mod clients;
mod consents;
