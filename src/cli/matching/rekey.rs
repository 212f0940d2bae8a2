//! `throughgate match rekey`: the matching index under a new key, beside running gateways.
#![allow(clippy::print_stdout, reason = "a command speaks to its terminal")]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::clock::SharedClock;
use crate::config::Config;
use crate::crypto::{Generation, KeyRing};
use crate::domain::operator::{KeyRecords, MoveIndex, next_lot};
use crate::gateway::{Core, StartError};
use crate::id::RecordId;
use crate::journal::call::Call;
use crate::journal::command::Command;
use crate::store::match_index::Keying;
use crate::store::{self, Store};

/// What to key anew.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example: throughgate match rekey --config /etc/throughgate/gateway.toml")]
pub struct RekeyArgs {
    /// The gateway's configuration.
    #[arg(long)]
    config: PathBuf,
}

/// Writes the index under a new key, beside the old one, and takes the old one away. A run that was cut short is taken up where it
/// stopped.
///
/// # Errors
/// When a file cannot be used, the database fails, or it cannot be recorded. Then it can be run again.
pub(in crate::cli) fn run(args: &RekeyArgs, clock: SharedClock) -> Result<(), StartError> {
    let config = Config::load(&args.config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (generation, records) = runtime.block_on(async {
        let core = Core::open(&config, clock, "-cli")?;
        core.when_ready().await?;
        rekey(&config, &core, false).await
    })?;
    println!("the matching index is under key {generation}; {records} records were written");
    Ok(())
}

/// Each step leaves in the ring and in the database what tells the next run where to go on. `only_resume` begins nothing new.
pub(in crate::cli) async fn rekey(
    config: &Config,
    core: &Core,
    only_resume: bool,
) -> Result<(Generation, usize), StartError> {
    let ring = &config.keys.ring;
    let keying = on_store(core, |store| store.snapshot(|tx| Ok(tx.index_keys()?.keying))).await?;
    let matcher = Arc::new(config.matching.matcher()?);
    let to = match keying {
        Keying::Settled(of) if only_resume => return Ok((of, 0)),
        Keying::Settled(from) => {
            let to = next_key(ring, from)?;
            record(core, format!("key {to} beside key {from}"), MoveIndex(Keying::Filling { from, to }))
                .await?;
            to
        }
        Keying::Filling { to, .. } => to,
        Keying::Clearing(of) => {
            let cleared = clear(ring, core, of).await?;
            return Ok((cleared, 0));
        }
    };
    let (mut after, mut written) = (RecordId::from_bytes([0; 16]), 0);
    while let Some((last, count)) =
        on_store(core, move |store| store.snapshot(|tx| next_lot(tx, to, after))).await?
    {
        record(
            core,
            format!("{count} records under key {to}"),
            KeyRecords { to, after, matcher: matcher.clone() },
        )
        .await?;
        (after, written) = (last, written + count);
    }
    record(core, format!("key {to} alone"), MoveIndex(Keying::Clearing(to))).await?;
    Ok((clear(ring, core, to).await?, written))
}

/// The key that comes next: a run that was killed may have put it into the ring already.
fn next_key(ring: &Path, from: Generation) -> Result<Generation, StartError> {
    match KeyRing::match_generations(ring)?.first() {
        Some(newest) if *newest != from => Ok(*newest),
        _ => Ok(KeyRing::add_match_key(ring)?),
    }
}

/// Takes away what is under other keys, and those keys.
async fn clear(ring: &Path, core: &Core, to: Generation) -> Result<Generation, StartError> {
    let gone = on_store(core, move |store| store.match_index_clear(to)).await?;
    if KeyRing::match_generations(ring)?.first() == Some(&to) {
        KeyRing::keep_match_key(ring)?;
    }
    record(core, format!("{gone} rows of other keys are gone"), MoveIndex(Keying::Settled(to))).await?;
    Ok(to)
}

async fn on_store<T: Send + 'static>(
    core: &Core,
    work: impl FnOnce(&Store) -> Result<T, store::Error> + Send + 'static,
) -> Result<T, StartError> {
    let store = core.journal.store().clone();
    Ok(tokio::task::spawn_blocking(move || work(&store)).await.map_err(std::io::Error::other)??)
}

async fn record<C: Command>(core: &Core, reason: String, command: C) -> Result<(), StartError> {
    let mut call = Call::system("rekey_matching", core.journal.directory().epoch());
    call.reason_text = Some(reason);
    match core.journal.record(call, command).await {
        Ok(_) => Ok(()),
        Err(_) => Err(StartError::NotRecorded),
    }
}
