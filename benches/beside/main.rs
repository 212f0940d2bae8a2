//! What `./dev bench` runs beside the gateway, one program of several parts: each prints what it did or measured.
#![allow(clippy::print_stdout, reason = "the drivers read the figures there")]

mod append;
mod checks;
mod decide;
mod dues;
mod people;
mod read_only;
mod record;
mod score;
mod verify;

use std::error::Error;

use clap::{Parser, Subcommand};

/// What runs beside the gateway while it is measured.
#[derive(Parser)]
struct Beside {
    #[command(subcommand)]
    part: Part,
    /// What `cargo bench` adds.
    #[arg(long, hide = true, global = true)]
    bench: bool,
}

#[derive(Subcommand)]
enum Part {
    Append(append::Args),
    Checks(checks::Args),
    Decide(decide::Args),
    Dues(dues::Args),
    People(people::Args),
    ReadOnly(read_only::Args),
    Record(record::Args),
    Score(score::Args),
    Verify(verify::Args),
}

fn main() -> Result<(), Box<dyn Error>> {
    match Beside::parse().part {
        Part::Append(args) => append::run(args),
        Part::Checks(args) => checks::run(args),
        Part::Decide(args) => decide::run(args),
        Part::Dues(args) => dues::run(args),
        Part::People(args) => people::run(args),
        Part::ReadOnly(args) => read_only::run(args),
        Part::Record(args) => record::run(args),
        Part::Score(args) => score::run(&args),
        Part::Verify(args) => verify::run(args),
    }
}
