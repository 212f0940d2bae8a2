//! Referrals and transfers: one open at a time, a duty on one side at every moment, and a clock on each step.

pub mod deadlines;
pub mod model;
pub mod states;
pub mod transition;

#[cfg(test)]
mod fixture;
