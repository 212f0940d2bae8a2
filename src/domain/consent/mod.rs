//! Consent: what a person agreed to, to whom it lets what pass, and how it ends.

pub mod codes;
pub mod coverage;
pub mod effects;
mod effects_housing;
mod effects_telling;
pub mod end;
mod ending;
pub mod going_on;
mod in_words;
pub mod lifecycle;
pub mod model;
mod passes;
pub mod preview;
pub mod read;
pub mod record;
pub mod slice;
mod touched;
pub(in crate::domain) mod why;
pub mod withdraw;

#[cfg(test)]
mod fixture;
