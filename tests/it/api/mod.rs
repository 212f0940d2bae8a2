//! Stories by area of the interface.

mod clients;
mod release;
