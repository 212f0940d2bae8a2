//! The one TLS port and the loopback admin port: who may connect at all, how a live connection is cut; and the gateway's own
//! connections to others.

pub mod client;
pub mod connections;
pub mod descriptors;
pub mod files;
pub mod peer;
pub mod server;
pub mod tls;

pub use client::{ClientFiles, client_config};
pub use connections::Connections;
pub use server::{Limits, Running, ServerError};
pub use tls::{Access, ClientGate, TlsError, TlsFiles};

#[cfg(test)]
mod tests;
