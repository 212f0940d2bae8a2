//! `throughgate recover`: closes a log that was lost or contradicts what was signed, and begins the next one.
#![allow(clippy::print_stdout, reason = "a command speaks to its terminal")]

use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use crate::clock::SharedClock;
use crate::config::Config;
use crate::gateway::StartError;
use crate::id::WorkerId;
use crate::ledger::note::{KeyError, VerifierKey};
use crate::recovery::{Done, Plan, RecoverError, recover};

/// Close a log that was lost or contradicts what was signed, and begin the next one
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  throughgate recover --config /etc/throughgate/gateway.toml --authorised-by sys-admin-3 \\\n    \
    --reason \"The disk of the database died; the newest backup is of 4 o'clock.\" --checkpoint probation.state\n\n\
    For a gateway that is frozen because the database with its newest entries is lost for good. Look for that database first:\n\
    what was recorded after the backup is in no other. Stop every gateway of the log, on every host, and keep copies of\n\
    everything. Then run this once on a host with the database in place, and once, with --config alone, on each other host.\n\n\
    In one transaction the old log is closed as it is in the database, unchanged, and the new one is begun under a name of its\n\
    own. Its first entry commits to the head that the database had, to the last checkpoint of the old log that is known (of\n\
    those in the log's directory, in the database and in the files named here), and to the reason. Old entries stay readable\n\
    for auditors and in the accounts of disclosures; old receipts go on to verify. Then the log's directory, the file of the\n\
    last signed head and the old key are put aside under the old log's name. Nothing is deleted.\n\n\
    A run that was cut short is finished by running it again. It refuses while a gateway runs, and where nothing is wrong."
)]
pub struct RecoverArgs {
    /// The configuration of this host's gateway
    #[arg(long)]
    config: PathBuf,
    /// Why; the new log keeps it, so name nobody
    #[arg(long)]
    reason: Option<String>,
    /// Who authorised it, by their id as a worker of the operator
    #[arg(long, value_name = "ID")]
    authorised_by: Option<WorkerId>,
    /// A checkpoint of the old log that somebody else kept: a note (as another host's `log/checkpoint`), a receipt, or the file
    /// from a witness's `state`; may be repeated
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoint: Vec<PathBuf>,
    /// Public keys of the old log beside this host's own, where other gateways signed a --checkpoint
    #[arg(long = "log-key", value_name = "KEYFILE")]
    log_key: Vec<PathBuf>,
    /// The name of the new log [default: that of the first log with /2, /3 …]
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,
    /// Sign the new log with a new key: where the old one may be known to others
    #[arg(long)]
    new_key: bool,
    /// Close the log although nothing is found to be wrong with it
    #[arg(long)]
    although_well: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Why the command did not do what it should.
#[derive(Debug, thiserror::Error)]
pub enum RecoverCommandError {
    /// The configuration, or the terminal.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The recovery.
    #[error(transparent)]
    Recover(#[from] RecoverError),
    /// A file of keys.
    #[error("{path} cannot be read")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A file without keys.
    #[error("{path}: {source}")]
    Key {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: KeyError,
    },
}

/// Does it.
///
/// # Errors
/// When it cannot be done, or not to its end. Then it can be run again.
pub fn run(args: RecoverArgs, clock: SharedClock) -> Result<(), RecoverCommandError> {
    let config = Config::load(&args.config).map_err(StartError::from)?;
    let mut log_keys = Vec::new();
    for path in &args.log_key {
        log_keys.extend(read_keys(path)?);
    }
    let policy = config.witnessing.as_ref().map(|witnessing| witnessing.policy.clone());
    let plan = Plan {
        config,
        reason: args.reason,
        authorised_by: args.authorised_by,
        origin: args.origin,
        new_key: args.new_key,
        checkpoints: args.checkpoint,
        log_keys,
        although_well: args.although_well,
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let done = runtime.map_err(StartError::from)?.block_on(recover(plan, clock))?;
    if args.json {
        println!("{}", as_json(&done));
    } else {
        tell(&done, policy.as_deref());
    }
    Ok(())
}

fn read_keys(path: &Path) -> Result<Vec<VerifierKey>, RecoverCommandError> {
    let text = std::fs::read_to_string(path)
        .map_err(|source| RecoverCommandError::Unreadable { path: path.to_owned(), source })?;
    VerifierKey::parse_file(&text)
        .map_err(|source| RecoverCommandError::Key { path: path.to_owned(), source })
}

fn as_json(done: &Done) -> serde_json::Value {
    json!({
        "closed": done.closed, "found": done.found.size, "root": done.found.root.to_string(),
        "because": done.because, "signed": done.signed.map(|head| head.size),
        "last_checkpoint": done.last_checkpoint, "log": done.key.name(), "log_key": done.key.to_string(),
        "aside": done.aside,
    })
}

fn tell(done: &Done, policy: Option<&Path>) {
    let Done { closed, found, signed, key, .. } = done;
    match done.because {
        Some(because) => {
            println!("{closed} is closed at {} entries, as the database has it: {because}.", found.size);
            println!("{} goes on from here; its first entry says so.", key.name());
        }
        None => println!("{closed} had been closed; this host follows with {}.", key.name()),
    }
    if let Some(signed) = signed.filter(|signed| signed.size > found.size) {
        println!(
            "\n{} entries are known to have been signed. What the last {} changed, or disclosed, is not in this database: tell the\n\
             agencies, do erasures of that time again, and keep the old log's directory: it has those entries' leaves.",
            signed.size,
            signed.size - found.size
        );
    }
    println!("\nput aside, to be kept:");
    for path in &done.aside {
        println!("  {}", path.display());
    }
    println!("\nthe new log's key on this host:\n  {key}\n\nnow:");
    println!(
        "  give that key to every auditor and witness, over another way than the log; the old one stays theirs"
    );
    println!(
        "  have each witness's operator add it to witness.toml, as a [[log]] with origin = \"{}\"",
        key.name()
    );
    if let Some(policy) = policy {
        println!("  add the line `log {key}` to {}, and give auditors the file anew", policy.display());
    }
    println!("  run `throughgate recover --config FILE` on every other host of this database");
    println!(
        "  start the gateways; if this build's policies are not active in the database, `throughgate migrate` first"
    );
}
