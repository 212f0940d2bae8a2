//! The command `throughgate`.

use std::process::ExitCode;
use std::sync::Arc;

use clap::{Parser, Subcommand};
use throughgate::cli;
use throughgate::clock::{SharedClock, SystemClock};

/// One gateway through which agencies that help drug-misusing offenders share what they must, and nothing more.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Serve(cli::serve::ServeArgs),
    Demo(cli::demo::DemoArgs),
    /// Explain what a configuration would run
    CheckConfig(cli::config::ConfigArgs),
    /// Bring the database's schema up to date and activate this build's policies
    Migrate(cli::config::ConfigArgs),
    /// Print the OpenAPI description
    Openapi,
    /// The offline auditor's tools
    #[command(subcommand)]
    Audit(cli::audit::AuditCommand),
    /// The agencies of the directory
    Agency(cli::agency::AgencyArgs),
    /// The gateway's own certificate authority
    Certs(cli::certs::CertsArgs),
    /// The policies and their matrix
    Policy(cli::policy::PolicyArgs),
    /// The key-encryption keys
    #[command(subcommand)]
    Keys(cli::keys::KeysCommand),
    Recover(cli::recover::RecoverArgs),
    /// The matching model: who is this person?
    #[command(subcommand)]
    Match(cli::matching::MatchCommand),
    Token(cli::token::TokenArgs),
    VerifyStore(cli::verify_store::VerifyStoreArgs),
    Witness(cli::witness::WitnessArgs),
}

fn main() -> ExitCode {
    throughgate::telemetry::start();
    let clock: SharedClock = Arc::new(SystemClock);
    match Cli::parse().command {
        Command::Serve(args) => ended(cli::serve::run(&args, clock)),
        Command::Demo(args) => ended(cli::demo::run(&args, clock)),
        Command::CheckConfig(args) => ended(cli::config::check(&args, &clock)),
        Command::Migrate(args) => ended(cli::config::migrate(&args, clock)),
        Command::Openapi => ended(cli::config::openapi()),
        Command::Audit(command) => cli::audit::run(&command),
        Command::Agency(args) => ended(cli::agency::run(&args, clock)),
        Command::Certs(args) => ended(cli::certs::run(args, clock.as_ref())),
        Command::Policy(args) => ended(cli::policy::run(&args)),
        Command::Keys(command) => ended(cli::keys::run(&command, clock)),
        Command::VerifyStore(args) => cli::verify_store::run(&args),
        Command::Recover(args) => ended(cli::recover::run(args, clock)),
        Command::Match(command) => ended(cli::matching::run(&command, clock)),
        Command::Token(args) => ended(cli::token::run(&args, clock.as_ref())),
        Command::Witness(args) => ended(cli::witness::run(args, clock)),
    }
}

fn ended<E: std::error::Error>(result: Result<(), E>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            cli::complain(&error);
            ExitCode::FAILURE
        }
    }
}
