//! The matching model on files: score presentations against known people, fit the model to an agency's own people.

#![allow(clippy::print_stderr, reason = "the command line speaks to a terminal")]

use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::clock::SharedClock;
use crate::people::index::Index;
use crate::people::model::{Model, ModelError};
use crate::people::profile::Profiler;

mod evaluate;
mod progress;
pub(in crate::cli) mod rekey;
mod table;
mod train;

use progress::Progress;
use table::{People, TableError, Unread};

/// What can be done with the matching model.
#[derive(Debug, Subcommand)]
pub enum MatchCommand {
    /// Score a CSV of presentations against a CSV of known people
    Evaluate(evaluate::EvaluateArgs),
    /// Put the matching index under a new key, beside running gateways
    Rekey(rekey::RekeyArgs),
    /// Fit the model's numbers to a CSV of known people, and print the model
    Train(train::TrainArgs),
}

/// Why a command could not finish. Tells files, lines and columns, never a value.
#[derive(Debug, thiserror::Error)]
pub enum MatchError {
    /// A table of people.
    #[error("{}", .file.display())]
    Table {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        source: TableError,
    },
    /// A file of another kind.
    #[error("{}", .file.display())]
    File {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        source: std::io::Error,
    },
    /// The output could not be written.
    #[error("{}", .file.display())]
    Out {
        /// The file.
        file: PathBuf,
        /// What is wrong.
        source: csv::Error,
    },
    /// The gateway's own parts.
    #[error(transparent)]
    Gateway(#[from] crate::gateway::StartError),
    /// The output would replace what is read.
    #[error("{} is read; the findings cannot go there", .0.display())]
    OutIsRead(PathBuf),
    /// A model that cannot be used.
    #[error("the model cannot be used")]
    Model(#[from] ModelError),
}

/// Runs one of them.
///
/// # Errors
/// If a file cannot be read or written, or has another form.
pub fn run(command: &MatchCommand, clock: SharedClock) -> Result<(), MatchError> {
    match command {
        MatchCommand::Evaluate(args) => evaluate::run(args),
        MatchCommand::Rekey(args) => Ok(rekey::run(args, clock)?),
        MatchCommand::Train(args) => train::run(args),
    }
}

/// The model of a file, or the one that the gateway carries.
fn model(file: Option<&Path>) -> Result<Model, MatchError> {
    let Some(file) = file else {
        return Ok(Model::stock()?);
    };
    let text =
        std::fs::read_to_string(file).map_err(|source| MatchError::File { file: file.to_owned(), source })?;
    Ok(Model::parse(&text)?)
}

/// Takes the people of a table into an index, and gives the ids of their records beside it.
fn index_people(file: &Path, profiler: &Profiler) -> Result<(Vec<String>, Index), MatchError> {
    let in_file = |source| MatchError::Table { file: file.to_owned(), source };
    let mut people = People::open(file, "record_id").map_err(in_file)?;
    let progress = Progress::start("known people read", people.bytes());
    let mut ids = Vec::new();
    let mut fault = None;
    let profiles = std::iter::from_fn(|| match people.next() {
        Ok(Some((id, details))) => {
            progress.seen(people.read_bytes());
            ids.push(id);
            Some(profiler.profile(&details))
        }
        Ok(None) => None,
        Err(error) => {
            fault = Some(error);
            None
        }
    });
    let index = Index::new(profiles);
    drop(progress);
    if let Some(fault) = fault {
        return Err(in_file(fault));
    }
    tell_unread(&people, file);
    Ok((ids, index))
}

/// Says how many dates of birth were none: one column in another form would spoil all that is found, and look like people not found.
fn tell_unread(people: &People, file: &Path) {
    let Unread { count, first_line } = people.unread_dates();
    if count > 0 {
        eprintln!(
            "{}: {count} dates of birth are no dates such as 1990-05-17 (the first in line {first_line}) and count as unknown",
            file.display()
        );
    }
}
