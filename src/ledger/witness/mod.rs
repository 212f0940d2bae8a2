//! What witnesses are to a log, without any I/O: whose cosignatures count, and what a witness may cosign.

mod policy;
mod request;
mod verdict;

pub use policy::{PolicyError, PolicyFault, Witness, WitnessPolicy, Witnessed};
pub use request::{AddCheckpoint, print_size, read_size};
pub use verdict::{Accepted, Refusal, Seen, examine};
