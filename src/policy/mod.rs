//! Decisions: facts become Cedar entities, policies become a [`permit::Permit`] or a [`permit::Denial`].

pub mod action;
pub mod annotations;
mod asker;
mod atoms;
pub mod bundle;
mod cache;
mod decided;
pub mod diff;
pub mod engine;
pub mod entities;
pub mod explain;
pub mod facts;
pub mod load_error;
pub mod manifest;
pub mod matrix;
pub mod obligations;
pub mod permit;
mod preview;
mod resource;
mod shape;

#[cfg(test)]
mod bans_tests;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod matrix_tests;
#[cfg(test)]
mod newcomers_tests;
#[cfg(test)]
mod safeguarding_tests;
#[cfg(test)]
mod tests;
