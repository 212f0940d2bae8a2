//! `match train`

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the command line speaks to a terminal")]

use std::path::PathBuf;

use clap::Args;

use super::progress::Progress;
use super::{MatchError, index_people, model};
use crate::people::profile::Profiler;
use crate::people::train::{Effort, to_toml, train};

/// `match train`
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate match train --index known.csv > model.toml\n  throughgate match evaluate --index known.csv --presentations presented.csv --out findings.csv --model model.toml\n\n\
    Needs no labels: it learns from people who are recorded more than once, as agencies record them. With few of those the numbers stay\n\
    near those of the model that was given. Priors, guards and thresholds stay as they are."
)]
pub struct TrainArgs {
    /// The known people, as for `match evaluate`
    #[arg(long, value_name = "FILE")]
    pub index: PathBuf,
    /// The model to begin with, instead of the one that the gateway carries
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
}

pub(super) fn run(args: &TrainArgs) -> Result<(), MatchError> {
    let given = model(args.model.as_deref())?;
    let (_, index) = index_people(&args.index, &Profiler::default())?;
    let effort = Effort::default();
    let progress = Progress::start("rounds of the fit", u64::from(effort.rounds));
    let trained = train(&index, &given, effort, |round| progress.seen(u64::from(round)));
    drop(progress);
    print!("{}", to_toml(&trained.model));
    eprintln!(
        "fitted to {} records, of which about {:.0} pairs are of one person",
        index.people(),
        trained.pairs_of_one
    );
    Ok(())
}
