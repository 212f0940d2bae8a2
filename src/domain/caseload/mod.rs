//! The caseload: who works with a person, from when to when, and the question whether somebody already does.

pub mod check;
pub mod model;
pub mod states;
