//! Clients: what an agency calls a person, and what it wrote about them. Presenting somebody tells nothing about others.

mod carry;
#[cfg(test)]
mod carry_tests;
pub(in crate::domain) mod counted;
pub mod details;
pub mod facts;
pub mod matcher;
pub(in crate::domain) mod model;
mod present;
mod read;
mod update;
mod written;

pub use model::{ClientChanged, ClientPresented, ClientView};
pub(in crate::domain) use model::{ClientHead, person_in};
pub use present::{Present, Presented};
pub use read::ReadClient;
pub use update::{UpdateClient, Updated};
pub(in crate::domain) use written::{Written, written_of};
