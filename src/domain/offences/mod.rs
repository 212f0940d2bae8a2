//! What police's national computer holds of offences, as a number a month (row 31): told by police of people whom they know themselves, whoever
//! that is, so that asking tells them nobody who was ever treated; read back by nobody, and used for one count
//! ([`crate::domain::scorecard`], `leavers`).

pub mod model;
mod tell;

pub use tell::{CountOffences, OffencesCounted, OffencesNoted};
