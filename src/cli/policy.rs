//! `throughgate policy`: what the policy set permits, for people to read and for reviews to compare.
#![allow(clippy::print_stdout, reason = "printing is what these commands are for")]

use std::path::PathBuf;

use crate::policy::bundle::{Bundle, LoadError};
use crate::policy::engine::Engine;
use crate::policy::matrix::matrix;

/// Look at a policy set.
#[derive(Debug, clap::Args)]
pub struct PolicyArgs {
    #[command(subcommand)]
    command: PolicyCommand,
}

#[derive(Debug, clap::Subcommand)]
enum PolicyCommand {
    /// Print every permit, by action and rule. What is not printed is denied.
    #[command(after_help = "Example: throughgate policy matrix > policies/matrix.golden")]
    Matrix(Source),
    /// Load and check a policy set, and print its hash.
    #[command(after_help = "Example: throughgate policy check --policies /etc/throughgate/policies")]
    Check(Source),
}

#[derive(Debug, clap::Args)]
struct Source {
    /// The directory of .cedar files; without it, the policies that come with the program.
    #[arg(long, value_name = "DIR")]
    policies: Option<PathBuf>,
}

impl Source {
    fn load(&self) -> Result<Bundle, LoadError> {
        match &self.policies {
            Some(directory) => Bundle::from_directory(directory),
            None => Bundle::embedded(),
        }
    }
}

/// Runs the subcommand.
///
/// # Errors
///
/// When the policy set does not load; the message names the file and the policy.
pub fn run(args: &PolicyArgs) -> Result<(), LoadError> {
    match &args.command {
        PolicyCommand::Matrix(source) => print!("{}", matrix(&Engine::new(source.load()?))),
        PolicyCommand::Check(source) => {
            let bundle = source.load()?;
            println!("{} policies, sha256 {}", bundle.policies().count(), bundle.hash());
        }
    }
    Ok(())
}
