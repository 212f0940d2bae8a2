//! The subcommands, one file each: the only part of the project that speaks to a terminal.

pub mod agency;
pub mod audit;
pub mod certs;
pub mod config;
pub mod demo;
pub mod keys;
pub mod matching;
pub mod policy;
pub mod recover;
pub mod serve;
pub mod token;
pub mod verify_store;
pub mod witness;

/// Says on standard error what went wrong, each cause once.
#[allow(clippy::print_stderr, reason = "a command speaks to its terminal")]
pub fn complain(error: &dyn std::error::Error) {
    let mut line = format!("throughgate: {error}");
    let mut cause = error.source();
    while let Some(next) = cause {
        line.push_str(&format!(": {next}"));
        cause = next.source();
    }
    eprintln!("{line}");
}
