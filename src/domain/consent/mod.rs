//! Consent: what a person agreed to, to whom it lets what pass, and how it ends.

pub mod codes;
pub mod coverage;
pub mod lifecycle;
pub mod model;
pub mod slice;

#[cfg(test)]
mod fixture;
