//! The REST interface: thin handlers that parse, ask a domain service, and send what the journal released.

pub mod clients;
pub mod context;
pub mod dirs;
pub mod referrals;
pub mod reply;
pub mod request;
pub mod router;
pub mod summary;
