//! `throughgate keys`: the month's new key-encryption key, and the end of the old one.
#![allow(clippy::print_stdout, reason = "a command speaks to its terminal")]

use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::clock::SharedClock;
use crate::config::Config;
use crate::crypto::KeyRing;
use crate::domain::operator::{BeginRotation, EndRotation};
use crate::gateway::{Core, StartError};
use crate::journal::call::Call;
use crate::journal::command::Command;
use crate::store::rotation::RotationState;
use crate::store::setting::PRIMARY_KEK;
use crate::store::{self, Store};

/// The key-encryption keys.
#[derive(Debug, clap::Subcommand)]
pub enum KeysCommand {
    /// Put a new key-encryption key into the ring, wrap every data key with it, and destroy the old one.
    ///
    /// Gateways may run meanwhile if they read the same ring file. A run that was cut short is taken up where it stopped. From its
    /// end on, what was erased before it cannot be read from any backup either, and no backup from before it can be read at all:
    /// take one afterwards.
    #[command(after_help = "Example: throughgate keys rotate --config /etc/throughgate/gateway.toml")]
    Rotate(RotateArgs),
}

/// What to rotate.
#[derive(Debug, clap::Args)]
pub struct RotateArgs {
    /// The configuration.
    #[arg(long)]
    config: PathBuf,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// What was done.
#[derive(Debug, Serialize)]
struct Summary {
    primary: String,
    rewrapped: u64,
    destroyed: Vec<String>,
}

/// Does what was asked.
///
/// # Errors
/// When a file cannot be used, the database fails, or it cannot be recorded. Then it can be run again.
pub fn run(command: &KeysCommand, clock: SharedClock) -> Result<(), StartError> {
    let KeysCommand::Rotate(args) = command;
    let config = Config::load(&args.config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let summary = runtime.block_on(rotate(&config, clock))?;
    if args.json {
        println!("{}", serde_json::to_string(&summary).map_err(std::io::Error::other)?);
    } else {
        println!("{} is the primary key-encryption key", summary.primary);
        println!("{} data keys were wrapped with it", summary.rewrapped);
        for kek in &summary.destroyed {
            println!("{kek} is destroyed");
        }
    }
    Ok(())
}

/// Each step leaves in the ring and in the database what tells the next run where to go on.
async fn rotate(config: &Config, clock: SharedClock) -> Result<Summary, StartError> {
    // The journal first: nothing is put into the ring before it is known to record.
    let core = Core::open(config, clock.clone(), "-cli")?;
    core.when_ready().await?;
    let Stage { state, recorded } = on_store(&core, stage).await?;
    let (ring, keys) = (&config.keys.ring, core.journal.store().keys().clone());
    let in_ring = keys.kek_ids();
    if recorded.as_ref().is_some_and(|recorded| !in_ring.contains(recorded)) {
        return Err(store::Error::OtherKeyRing.into());
    }
    let mut primary = in_ring.first().cloned().ok_or(store::Error::OtherKeyRing)?;
    if in_ring.len() == 1 && state != Some(RotationState::UnderWay) {
        primary = format!("kek-{}", clock.now().strftime("%Y%m%dT%H%M%S%6fZ"));
        KeyRing::add_primary(ring, &primary)?;
    }
    if !keys.is_primary(&primary) {
        return Err(store::Error::OtherKeyRing.into());
    }
    if state != Some(RotationState::UnderWay) || recorded.as_ref() != Some(&primary) {
        let reason = format!("{primary} is primary");
        record(&core, reason, BeginRotation { primary: primary.clone() }).await?;
    }
    let rewrapped = on_store(&core, Store::data_keys_rewrap).await?;
    let destroyed: Vec<String> = keys.kek_ids().into_iter().filter(|kek| *kek != primary).collect();
    if !destroyed.is_empty() {
        destroy_all_but(ring, &primary)?;
    }
    let reason = format!("{primary} alone is left; {rewrapped} data keys re-wrapped");
    record(&core, reason, EndRotation { primary: primary.clone() }).await?;
    Ok(Summary { primary, rewrapped, destroyed })
}

/// Where the last run stopped.
struct Stage {
    state: Option<RotationState>,
    /// The id of the key-encryption key that was recorded as the primary one.
    recorded: Option<String>,
}

fn stage(store: &Store) -> Result<Stage, store::Error> {
    store.snapshot(|tx| Ok(Stage { state: tx.rotation_state()?, recorded: tx.setting(PRIMARY_KEK)? }))
}

/// Drops the other keys, unless somebody put another one first meanwhile.
fn destroy_all_but(ring: &Path, primary: &str) -> Result<(), StartError> {
    if KeyRing::load(ring)?.is_primary(primary) {
        KeyRing::keep_primary(ring)?;
        return Ok(());
    }
    Err(StartError::Store(store::Error::OtherKeyRing))
}

async fn on_store<T: Send + 'static>(
    core: &Core,
    work: impl FnOnce(&Store) -> Result<T, store::Error> + Send + 'static,
) -> Result<T, StartError> {
    let store = core.journal.store().clone();
    Ok(tokio::task::spawn_blocking(move || work(&store)).await.map_err(std::io::Error::other)??)
}

async fn record<C: Command>(core: &Core, reason: String, command: C) -> Result<(), StartError> {
    let mut call = Call::system("rotate_keys", core.journal.directory().epoch());
    call.reason_text = Some(reason);
    match core.journal.record(call, command).await {
        Ok(_) => Ok(()),
        Err(_) => Err(StartError::NotRecorded),
    }
}
