//! `throughgate agency`: who takes part. Each change is an entry of the log, and a running gateway follows it at once.
#![allow(clippy::print_stdout, reason = "a command speaks to its terminal")]

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};

use crate::clock::SharedClock;
use crate::config::{Config, ConfigError};
use crate::directory::{Agency, AgencyStatus, Directory};
use crate::domain::break_glass::SetAgencyPower;
use crate::domain::operator::{EnrolAgency, SetAgencyStatus};
use crate::gateway::{Core, StartError};
use crate::id::AgencyId;
use crate::journal::call::Call;
use crate::journal::command::Command as Act;
use crate::journal::outcome::Stop;

/// Enrol, suspend, resume and list agencies.
#[derive(Debug, Args)]
pub struct AgencyArgs {
    #[command(subcommand)]
    command: Command,
    /// The gateway's configuration.
    #[arg(long, global = true, value_name = "FILE", default_value = "gateway.toml")]
    config: PathBuf,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Enrol an agency, or replace what the directory says of it; a suspended one stays suspended.
    #[command(
        after_help = "Example:\n  throughgate agency enrol northmoor-cjit.toml --config /etc/throughgate/gateway.toml\n\nThe file has the members of an agency: id, name, agency_type, area, status, issuer, roles, certificates (SHA-256), [[token_keys]], [[workers]], [contact], provides, cannot_provide.\n\nWith `answers_live = true` the agency answers caseload checks live: it writes down nobody whom it works with, and every check that is asked in its area comes to its duty role as a question. Left out, it is false."
    )]
    Enrol {
        /// The agency, TOML.
        file: PathBuf,
    },
    /// Let an agency in no longer. Its live connections are cut within seconds.
    #[command(
        after_help = "Example:\n  throughgate agency suspend eastvale-cjit --config /etc/throughgate/gateway.toml"
    )]
    Suspend {
        /// The agency.
        agency: AgencyId,
    },
    /// Let a suspended agency in again.
    #[command(
        after_help = "Example:\n  throughgate agency resume eastvale-cjit --config /etc/throughgate/gateway.toml"
    )]
    Resume {
        /// The agency.
        agency: AgencyId,
    },
    /// Let nobody of an agency break glass any more; all else goes on.
    #[command(
        after_help = "Example:\n  throughgate agency suspend-break-glass eastvale-treatment --config /etc/throughgate/gateway.toml"
    )]
    SuspendBreakGlass {
        /// The agency.
        agency: AgencyId,
    },
    /// Let an agency's workers break glass again, but those from whom the power was taken by themselves.
    #[command(
        after_help = "Example:\n  throughgate agency resume-break-glass eastvale-treatment --config /etc/throughgate/gateway.toml"
    )]
    ResumeBreakGlass {
        /// The agency.
        agency: AgencyId,
    },
    /// Print every agency: id, type, status, area and name, a tab between them.
    #[command(after_help = "Example:\n  throughgate agency list --config /etc/throughgate/gateway.toml")]
    List,
}

/// Why a command did nothing.
#[derive(Debug, thiserror::Error)]
pub enum AgencyError {
    /// The gateway's parts could not be opened.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The agency's file.
    #[error(transparent)]
    File(#[from] ConfigError),
    /// The directory refuses it, on record.
    #[error("refused: {0}")]
    Refused(String),
}

/// Does what was asked.
///
/// # Errors
/// When a file cannot be used, the directory refuses the change, or it cannot be recorded.
pub fn run(args: &AgencyArgs, clock: SharedClock) -> Result<(), AgencyError> {
    let config = Config::load(&args.config)?;
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(StartError::from)?;
    runtime.block_on(async {
        let core = Core::open(&config, clock, "-cli")?;
        core.when_ready().await?;
        match &args.command {
            Command::Enrol { file } => {
                let agency = read(file)?;
                let id = agency.id.clone();
                act(&core, "enrol_agency", id.as_str(), EnrolAgency(agency)).await?;
                println!("{id} is enrolled");
            }
            Command::Suspend { agency } => set(&core, agency, AgencyStatus::Suspended).await?,
            Command::Resume { agency } => set(&core, agency, AgencyStatus::Active).await?,
            Command::SuspendBreakGlass { agency } => set_power(&core, agency, true).await?,
            Command::ResumeBreakGlass { agency } => set_power(&core, agency, false).await?,
            Command::List => print!("{}", table(&core.journal.directory())),
        }
        Ok(())
    })
}

fn read(file: &Path) -> Result<Agency, ConfigError> {
    let text = std::fs::read_to_string(file)
        .map_err(|source| ConfigError::Unreadable { path: file.to_owned(), source })?;
    toml::from_str(&text)
        .map_err(|error| ConfigError::Malformed { path: file.to_owned(), message: error.to_string() })
}

async fn set(core: &Core, agency: &AgencyId, status: AgencyStatus) -> Result<(), AgencyError> {
    let command = SetAgencyStatus { agency: agency.clone(), status };
    let operation = match status {
        AgencyStatus::Active => "resume_agency",
        AgencyStatus::Suspended => "suspend_agency",
    };
    act(core, operation, agency.as_str(), command).await?;
    println!("{agency} is {status}");
    Ok(())
}

async fn set_power(core: &Core, agency: &AgencyId, suspended: bool) -> Result<(), AgencyError> {
    let command = SetAgencyPower { agency: agency.clone(), suspended };
    let operation = if suspended { "suspend_break_glass" } else { "resume_break_glass" };
    act(core, operation, agency.as_str(), command).await?;
    println!("{agency}: break-glass {}", if suspended { "suspended" } else { "resumed" });
    Ok(())
}

/// Does it, with the agency's id as the reason in the entry: an auditor finds there who was let in or put out.
async fn act<C: Act>(core: &Core, operation: &'static str, id: &str, command: C) -> Result<(), AgencyError> {
    let mut call = Call::system(operation, core.journal.directory().epoch());
    call.reason_text = Some(format!("{operation} {id}"));
    match core.journal.record(call, command).await {
        Ok(_) => Ok(()),
        Err(Stop::Unavailable(_)) => Err(StartError::NotRecorded.into()),
        Err(Stop::Refused(refused)) => {
            let problem = refused.problem();
            let errors: Vec<_> =
                problem.errors.iter().map(|error| format!("{} {}", error.path, error.message)).collect();
            Err(AgencyError::Refused(if errors.is_empty() {
                problem.problem.title().to_owned()
            } else {
                errors.join("; ")
            }))
        }
    }
}

fn table(directory: &Directory) -> String {
    directory
        .iter()
        .map(|agency| {
            format!(
                "{}\t{}\t{}\t{}\t{}\n",
                agency.id, agency.agency_type, agency.status, agency.area, agency.name
            )
        })
        .collect()
}
