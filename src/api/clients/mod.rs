//! `/v1/clients`: people whom an agency works with, under its own references.

pub mod present;
pub mod read;
pub mod update;
