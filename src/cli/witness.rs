//! `witness`: runs a witness of a gateway's log, or makes a new one.
#![allow(clippy::print_stdout, reason = "a command speaks to its terminal")]

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Subcommand};

use crate::clock::SharedClock;
use crate::id::AgencyId;
use crate::transport::descriptors;
use crate::transport::server::told_to_stop;
use crate::witness::init::{HAND_OVER, InitError, Plan, read_log_keys};
use crate::witness::{StartError, WitnessConfig, WitnessService};

/// Run a witness: a partner's service that cosigns a gateway's log, and refuses a second history.
#[derive(Debug, Args)]
#[command(
    subcommand_negates_reqs = true,
    args_conflicts_with_subcommands = true,
    after_help = "Example:\n  throughgate witness init --dir var/witness --name northmoor-probation.example/witness \
        --log-key log.vkey\n  throughgate witness --config var/witness/witness.toml\n\n\
        It speaks C2SP tlog-witness (POST /add-checkpoint) over mutual TLS, and sees sizes and hashes, no person's data.\n\
        Its key and its state belong together: never run two witnesses with one key, never put an older state back. If the \
        state is lost, retire the key."
)]
pub struct WitnessArgs {
    /// The configuration of the witness
    #[arg(long, required = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(InitArgs),
}

/// Make a witness in an empty folder: its key, its own small CA, its configuration, and what the gateway needs from it
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate witness init --dir var/witness --name northmoor-probation.example/witness \\\n    \
        --log-key log.vkey --address 0.0.0.0:8543 --host witness.northmoor-probation.example"
)]
struct InitArgs {
    /// The folder; made if missing, and must be empty
    #[arg(long)]
    dir: PathBuf,
    /// The name in its cosignatures: best an address that you own, without https://
    #[arg(long)]
    name: String,
    /// File of the log's public keys, one a line, from the gateway's operator; may be repeated
    #[arg(long = "log-key", value_name = "KEYFILE", required = true)]
    log_key: Vec<PathBuf>,
    /// Where it is to listen
    #[arg(long, default_value = "127.0.0.1:8543")]
    address: SocketAddr,
    /// A DNS name or IP address that the gateway reaches it by; may be repeated
    #[arg(long = "host", default_values = ["localhost", "127.0.0.1"])]
    hosts: Vec<String>,
    /// How the gateway is called in the client certificate that is made for it
    #[arg(long, default_value = "log-gateway")]
    gateway: AgencyId,
}

/// Why the command did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum WitnessError {
    /// The witness did not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// None was made.
    #[error(transparent)]
    Init(#[from] InitError),
    /// Never: the command line asks for it.
    #[error("name the configuration with --config")]
    NoConfig,
}

/// Makes a witness, or runs one until SIGTERM or SIGINT.
///
/// # Errors
/// When it cannot be made or started.
pub fn run(args: WitnessArgs, clock: SharedClock) -> Result<(), WitnessError> {
    match (args.command, args.config) {
        (Some(Command::Init(args)), _) => Ok(init(args, clock)?),
        (None, Some(path)) => Ok(serve(&path, clock)?),
        (None, None) => Err(WitnessError::NoConfig),
    }
}

fn serve(path: &std::path::Path, clock: SharedClock) -> Result<(), StartError> {
    descriptors::raise();
    let config = WitnessConfig::load(path)?;
    actix_web::rt::System::new().block_on(async move {
        let witness = WitnessService::start(&config, clock)?;
        tracing::info!(address = %witness.address, "serving");
        told_to_stop().await?;
        witness.stop().await;
        Ok(())
    })
}

fn init(args: InitArgs, clock: SharedClock) -> Result<(), InitError> {
    let InitArgs { dir, name, log_key, address, hosts, gateway } = args;
    let log_keys = log_key.iter().map(|path| read_log_keys(path)).collect::<Result<Vec<_>, _>>()?.concat();
    let label = gateway_label(&name);
    let made =
        Plan { dir: dir.clone(), name, log_keys, address, hosts, gateway }.carry_out(clock.as_ref())?;
    println!("made {}; run it with\n", dir.display());
    println!("  throughgate witness --config {}\n", made.config.display());
    println!("Give the gateway's operator the folder {}, for", dir.join(HAND_OVER).display());
    println!(
        "\n  [witnessing.tls.{label}]\n  certificate = \"client.pem\"\n  key = \"client.key\"\n  ca = \"ca.pem\"\n"
    );
    println!("in gateway.toml, and for the witness policy of the gateway and of every auditor the line\n");
    println!("  witness {label} {} {}", made.key, made.url);
    Ok(())
}

/// A short name for the policy: the first label of the key's name, as far as a TOML key takes it bare.
fn gateway_label(name: &str) -> String {
    let first = name.split(['.', '/']).next().unwrap_or_default();
    let kept: String =
        first.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')).collect();
    if kept.is_empty() { "witness".to_owned() } else { kept }
}
