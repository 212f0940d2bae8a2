//! Decisions: facts become Cedar entities, policies become a [`permit::Permit`] or a [`permit::Denial`].

pub mod action;
pub mod facts;
pub mod permit;
