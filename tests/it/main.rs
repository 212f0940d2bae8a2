//! The integration tests: stories of agencies and workers, through the real API, with real certificates, on both stores.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stderr,
    missing_docs,
    unreachable_pub,
    reason = "a test that fails should stop at once and say where"
)]

mod api;
mod attack;
mod campaign;
mod compile_fail;
mod durability;
mod faults;
mod invariants;
mod layers;
mod machines;
mod migrations;
mod openapi;
mod people;
mod plans;
mod proofs;
mod schema;
mod support;
mod ways_out;
