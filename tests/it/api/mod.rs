//! Stories by area of the interface.

mod clients;
