//! What witnesses are to a log, without any I/O: whose cosignatures count, and what a witness may cosign.

mod policy;

pub use policy::{PolicyError, PolicyFault, Witness, WitnessPolicy, Witnessed};
