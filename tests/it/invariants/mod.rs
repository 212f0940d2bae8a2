//! What the audit log promises (the design's thirteen invariants), each as a test of that name.

mod invariant_06;
mod invariant_07;
mod invariant_08;
mod invariant_09;
mod invariant_11;
mod invariant_12;

use std::process::ExitCode;

use clap::Parser;
use throughgate::cli::audit::{AuditCommand, run};

#[derive(Parser)]
struct Line {
    #[command(subcommand)]
    command: AuditCommand,
}

/// One of the auditor's commands, on files.
fn audit(line: &str) -> ExitCode {
    let words = ["audit"].into_iter().chain(line.split_whitespace());
    run(&Line::try_parse_from(words).unwrap_or_else(|error| panic!("{error}")).command)
}
