//! `check-config`, `migrate` and `openapi`: what a deployment does before it serves.
#![allow(clippy::print_stdout, reason = "a command speaks to its terminal")]

use std::path::PathBuf;

use clap::Args;

use crate::clock::SharedClock;
use crate::config::{Config, WitnessingConfig};
use crate::domain::labels::LabelPack;
use crate::domain::operator::ActivatePolicies;
use crate::gateway::{Core, StartError, policies, signing_key};
use crate::ledger::note::VerifierKey;
use crate::submission::{Witnesses, WitnessingError};

/// The configuration that a command works on.
#[derive(Debug, Args)]
pub struct ConfigArgs {
    /// The configuration.
    #[arg(long)]
    pub config: PathBuf,
}

/// Explains what would run, without running it.
///
/// # Errors
/// When the configuration, a key or a policy is not usable.
pub fn check(args: &ConfigArgs, clock: &SharedClock) -> Result<(), StartError> {
    let config = Config::load(&args.config)?;
    let ring = crate::crypto::KeyRing::load(&config.keys.ring)?;
    drop(ring);
    let key = signing_key(&config.keys.signing)?;
    let bundle = policies(&config)?;
    crate::store::backend::DatabaseUrl::parse(&config.store.url)?;
    println!("gateway     {}", config.gateway.audience);
    println!("help line   {}", config.gateway.help_line);
    println!("listens on  {} (TLS 1.3, client certificate required)", config.listen.address);
    println!("admin on    {} (plain, loopback only)", config.listen.admin);
    println!("store       {:?}", config.store);
    println!(
        "log         {} as {}, directory {}",
        key.name(),
        config.log.replica,
        config.log.directory.display()
    );
    println!("log key     {}", key.verifier());
    match &config.witnessing {
        Some(witnessing) => explain_witnesses(witnessing, &key.verifier(), clock)?,
        None => println!("witnesses   none: nothing but receipts holds this log to one history"),
    }
    let version = bundle
        .version()
        .map_or_else(|| "the program's own".to_owned(), |version| format!("version {version}"));
    println!("policies    {} in the set {} ({version})", bundle.policies().count(), bundle.hash());
    println!("labels      {}", LabelPack::open(&config.labels)?.title);
    println!("body limit  {} bytes", config.limits.body_bytes);
    Ok(())
}

fn explain_witnesses(
    config: &WitnessingConfig,
    log_key: &VerifierKey,
    clock: &SharedClock,
) -> Result<(), WitnessingError> {
    let witnesses = Witnesses::open(config, log_key, clock)?;
    let policy = witnesses.policy();
    println!(
        "witnesses   {} of {} make a quorum, {} of them may lie; asked every {} s",
        policy.quorum(),
        policy.witnesses().len(),
        policy.faults(),
        config.interval().as_secs()
    );
    for witness in policy.witnesses() {
        println!(
            "            {}, {}, {}",
            witness.name,
            witness.key,
            witness.url.as_deref().unwrap_or_default()
        );
    }
    match config.max_unwitnessed_age() {
        Some(age) => println!("            without a quorum for {} s, nothing is disclosed", age.as_secs()),
        None => println!("            without a quorum, an alarm; a contradiction freezes the gateway"),
    }
    Ok(())
}

/// Brings the schema up to date and makes this gateway's policy set the active one, on record.
///
/// # Errors
/// When the database cannot be reached or a migration fails.
pub fn migrate(args: &ConfigArgs, clock: SharedClock) -> Result<(), StartError> {
    let config = Config::load(&args.config)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let core = Core::open_migrated(&config, clock, "-cli")?;
        core.when_ready().await?;
        let activate = ActivatePolicies::of(&core.journal);
        let named = activate.to_string();
        core.journal
            .record(activate.call(&core.journal), activate)
            .await
            .map_err(|_| StartError::NotRecorded)?;
        // People who were there before the matching index are put into it.
        super::matching::rekey::rekey(&config, &core, true).await?;
        println!("the schema is up to date; the {named} is active");
        Ok(())
    })
}

/// Prints the description of the interface.
///
/// # Errors
/// Never in practice.
pub fn openapi() -> Result<(), StartError> {
    print!("{}", crate::api::openapi::yaml().map_err(StartError::SigningKey)?);
    Ok(())
}
