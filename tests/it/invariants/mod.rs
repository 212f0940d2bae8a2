//! What the audit log promises (the design's thirteen invariants), each as tests of that name.

mod invariant_01_every_delivered_body_has_a_durable_leaf;
mod invariant_02_the_log_is_contiguous_and_its_root_is_that_of_its_entries;
mod invariant_03_checkpoints_of_all_replicas_are_consistent;
mod invariant_04_an_entry_id_occurs_at_most_once_under_retries;
mod invariant_05_nothing_is_signed_for_an_uncommitted_head;
pub mod invariant_06;
mod invariant_07;
mod invariant_08;
mod invariant_09;
mod invariant_10_a_database_in_trouble_discloses_nothing_and_recovers;
mod invariant_11;
mod invariant_12;
mod invariant_13_a_restored_backup_freezes_before_the_first_disclosure;

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
