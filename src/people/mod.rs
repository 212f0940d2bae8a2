//! Who is this person? Comparison forms, match keys and the decision to link; pure, without I/O or storage.

pub mod decide;
pub mod facts;
pub mod identifiers;
pub mod normalise;
pub mod tokens;
