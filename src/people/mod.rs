//! Who is this person? Facts normalised, candidates found, pairs weighed, a decision; pure, without I/O or storage.
//!
//! The matching model weighs every fact that was recorded and answers `link`, `possible` or nothing. The registry decides by it who
//! is presented, over an index of keyed tokens (`store::match_index`); `throughgate match evaluate` and `match train` run it on files:
//!
//! 1. [`details`] is what was written down; [`profile`] normalises it once ([`normalise`], `words`, `spelling`, `form`, `likeness`,
//!    `nicknames`, `forenames`, `meaning`, `sound`, [`birth`], [`postcode`], `address`, [`identifiers`]).
//! 2. [`blocking`] gives the keys under which a person is found. Each is an equality of several facts, so each can be kept as an HMAC.
//! 3. [`frequencies`] tells how rare a value is; [`compare`] puts every field on a level of [`levels`].
//! 4. [`model`] holds all numbers as data (`model.toml`), [`weights`] ties them to the size of an index, [`score`] adds them up and says
//!    what must never be linked without a person: twins, parent and child, siblings, namesakes.
//! 5. [`verdict`] decides over all candidates at once. [`index`] is all of it in memory, [`train`] fits the numbers.

mod address;
pub mod birth;
pub mod blocking;
pub mod compare;
pub mod details;
mod forenames;
mod form;
pub mod frequencies;
pub mod identifiers;
pub mod index;
pub mod levels;
mod likeness;
#[cfg(test)]
mod matching_properties;
#[cfg(test)]
mod matching_tests;
mod meaning;
pub mod model;
mod nicknames;
pub mod normalise;
pub mod postcode;
pub mod profile;
pub mod score;
mod sound;
mod spelling;
pub mod train;
pub mod verdict;
pub mod weights;
mod words;
