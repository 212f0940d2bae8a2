//! From a client certificate, and a token where there is one, to a [`principal::Principal`].

pub mod certificate;
pub mod identify;
pub mod jose;
pub mod principal;
pub mod refusal;
pub mod token;

mod cache;

pub use certificate::{CertificateIdentity, CertificateRefused, Peer};
pub use identify::Identifier;
pub use refusal::{Cause, NotIdentified, TokenFault};

#[cfg(test)]
pub(crate) mod tests;
