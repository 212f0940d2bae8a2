//! Writes an invented client group for `throughgate match evaluate`, and for Splink beside it.

#[path = "../../tests/it/people/population/mod.rs"]
#[allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    dead_code,
    missing_docs,
    unreachable_pub,
    reason = "shared with the tests, whose rules it follows"
)]
pub(crate) mod population;

use std::error::Error;
use std::path::PathBuf;

use self::population::{Population, Profile, Settings};
use clap::ValueEnum;

/// Write `index.csv`, `presentations.csv` and `truth.csv`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder to write to.
    #[arg(long)]
    dir: PathBuf,
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many are on file.
    #[arg(long, default_value_t = 20_000)]
    people: usize,
    /// How many present themselves.
    #[arg(long, default_value_t = 2_000)]
    presentations: usize,
    #[arg(long, value_enum, default_value_t = Kind::Usual)]
    profile: Kind,
}

#[derive(Clone, Copy, ValueEnum)]
enum Kind {
    Usual,
    NoIdentifiers,
    Hard,
}

pub(crate) fn run(args: Args) -> Result<(), Box<dyn Error>> {
    let profile = match args.profile {
        Kind::Usual => Profile::Usual,
        Kind::NoIdentifiers => Profile::NoIdentifiers,
        Kind::Hard => Profile::Hard,
    };
    let Args { seed, people, presentations, .. } = args;
    let population = Population::new(Settings { seed, people, presentations, profile });
    population.write(&args.dir)?;
    println!("{} records, {} presentations", population.index.len(), population.presentations.len());
    Ok(())
}
