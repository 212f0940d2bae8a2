//! Clients: what an agency calls a person, and what it wrote about them. Presenting somebody tells nothing about others.

pub mod details;
pub mod matcher;
pub(in crate::domain) mod model;
mod present;
mod read;
mod update;
mod written;

pub(in crate::domain) use model::{ClientHead, person_in};
pub use model::{ClientPresented, ClientView};
pub use present::{Present, Presented};
pub use read::ReadClient;
pub use update::{UpdateClient, Updated};
pub(in crate::domain) use written::{Written, written_of};
