//! What an auditor trusts: the keys of the log, and the witnesses whose cosignatures count.

#![allow(clippy::print_stderr, reason = "an auditor reads it on a terminal")]

use std::path::{Path, PathBuf};

use clap::Args;

use super::{Failure, read_text, unreadable};
use crate::ledger::note::VerifierKey;
use crate::ledger::witness::WitnessPolicy;

/// Whom to believe
#[derive(Debug, Args)]
pub struct TrustArgs {
    /// File of the log's public keys, one a line; may be repeated [default: those that the witness policy names, else
    /// log.vkey beside the log's directory]
    #[arg(long = "log-key", value_name = "KEYFILE")]
    pub log_key: Vec<PathBuf>,
    /// Whose cosignatures count and how many it takes (C2SP tlog-policy); too few are exit 20
    #[arg(long, value_name = "FILE")]
    pub witness_policy: Option<PathBuf>,
}

/// The same, read.
pub(super) struct Trust {
    pub(super) keys: Vec<VerifierKey>,
    pub(super) policy: Option<WitnessPolicy>,
}

impl TrustArgs {
    /// Reads the files; where no key is named, looks beside the log's directory.
    pub(super) fn read(&self, log: Option<&str>) -> Result<Trust, Failure> {
        let policy = match &self.witness_policy {
            Some(file) => {
                let policy = read_text(file)?.parse::<WitnessPolicy>();
                Some(policy.map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?)
            }
            None => None,
        };
        if !self.log_key.is_empty() {
            return Ok(Trust { keys: read_keys(&self.log_key)?, policy });
        }
        if let Some(known) = policy.as_ref().map(WitnessPolicy::logs).filter(|logs| !logs.is_empty()) {
            return Ok(Trust { keys: known.to_vec(), policy });
        }
        let Some(directory) = log.filter(|log| !log.contains("://")) else {
            return Err(Failure::usage("--log-key KEYFILE is missing: nobody can say whose log this is"));
        };
        let beside = key_beside(Path::new(directory))?;
        // What lies beside a log shows that the log is whole, not whose it is.
        eprintln!(
            "throughgate audit: key from {}; an auditor brings their own with --log-key",
            beside.display()
        );
        Ok(Trust { keys: read_keys(&[beside])?, policy })
    }
}

fn key_beside(directory: &Path) -> Result<PathBuf, Failure> {
    let whole = directory.canonicalize().map_err(|error| unreadable(directory, &error))?;
    let key = whole.parent().unwrap_or(&whole).join("log.vkey");
    if key.is_file() {
        Ok(key)
    } else {
        Err(Failure::usage(format!("no --log-key given and none at {}", key.display())))
    }
}

fn read_keys(files: &[PathBuf]) -> Result<Vec<VerifierKey>, Failure> {
    let mut keys = Vec::new();
    for file in files {
        let read = VerifierKey::parse_file(&read_text(file)?);
        keys.extend(read.map_err(|error| Failure::usage(format!("{}: {error}", file.display())))?);
    }
    Ok(keys)
}
