//! Asks witnesses to cosign the log: beside the road of requests, but before the first of them after a start.
//!
//! What witnesses say can freeze the gateway: they remember what a restored backup has forgotten. What they do not say only
//! raises an alarm, unless the deployment sets a limit.

mod ask;
mod rounds;

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::sync::oneshot;

use crate::clock::SharedClock;
use crate::config::WitnessingConfig;
use crate::journal::Journal;
use crate::ledger::note::VerifierKey;
use crate::ledger::witness::{PolicyError, WitnessPolicy};
use crate::transport::{TlsError, client_config};
use ask::Reach;
use rounds::Rounds;

/// Why the log cannot be shown to its witnesses.
#[derive(Debug, thiserror::Error)]
pub enum WitnessingError {
    /// The policy's file.
    #[error("{path}: cannot be read")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The policy.
    #[error("{path}: {source}")]
    Policy {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        source: PolicyError,
    },
    /// The policy is about another log.
    #[error("the witness policy names logs, and this gateway's is not among them")]
    OtherLog,
    /// The gateway's own key among the witnesses.
    #[error("the witness policy has the key of the log itself among its witnesses")]
    OwnWitness,
    /// A witness without an address.
    #[error("witness {name}: the policy must give its address, beginning with https://")]
    Address {
        /// Its name in the policy.
        name: String,
    },
    /// A witness without files for TLS.
    #[error("witness {name}: the configuration needs a section [witnessing.tls.{name}]")]
    NoTls {
        /// Its name in the policy.
        name: String,
    },
    /// A section for nobody.
    #[error("[witnessing.tls.{name}] is about no witness of the policy")]
    Nobody {
        /// The section's name.
        name: String,
    },
    /// The files of a witness.
    #[error("witness {name}: {source}")]
    Tls {
        /// Its name in the policy.
        name: String,
        /// What is wrong.
        source: TlsError,
    },
    /// The HTTP client.
    #[error("witness {name}: no client can be made")]
    Client {
        /// Its name in the policy.
        name: String,
        /// Why not.
        source: reqwest::Error,
    },
}

/// The witnesses of a log, ready to be asked.
pub struct Witnesses {
    policy: WitnessPolicy,
    reaches: Vec<Arc<Reach>>,
}

impl Witnesses {
    /// Reads the policy, and what is needed to reach each witness.
    ///
    /// # Errors
    /// When the policy is unsound or not about this log, or a witness of it cannot be reached for want of a file.
    pub fn open(
        config: &WitnessingConfig,
        log_key: &VerifierKey,
        clock: &SharedClock,
    ) -> Result<Self, WitnessingError> {
        let path = || config.policy.clone();
        let text = fs::read_to_string(&config.policy)
            .map_err(|source| WitnessingError::Unreadable { path: path(), source })?;
        let policy: WitnessPolicy =
            text.parse().map_err(|source| WitnessingError::Policy { path: path(), source })?;
        if !policy.logs().is_empty() && !policy.logs().contains(log_key) {
            return Err(WitnessingError::OtherLog);
        }
        let mut reaches = Vec::new();
        for witness in policy.witnesses() {
            if witness.key.public_key() == log_key.public_key() {
                return Err(WitnessingError::OwnWitness);
            }
            let name = || witness.name.clone();
            let url = witness.url.as_deref().filter(|url| url.starts_with("https://"));
            let url = url.ok_or_else(|| WitnessingError::Address { name: name() })?;
            let tls = config.tls.get(&witness.name).ok_or_else(|| WitnessingError::NoTls { name: name() })?;
            let tls = client_config(&tls.files(), clock.clone())
                .map_err(|source| WitnessingError::Tls { name: name(), source })?;
            let reach = Reach::new(name(), witness.key.clone(), url, tls);
            reaches.push(Arc::new(reach.map_err(|source| WitnessingError::Client { name: name(), source })?));
        }
        let nobody =
            config.tls.keys().find(|name| policy.witnesses().iter().all(|known| known.name != **name));
        match nobody {
            Some(name) => Err(WitnessingError::Nobody { name: name.clone() }),
            None => Ok(Self { policy, reaches }),
        }
    }

    /// The policy.
    pub const fn policy(&self) -> &WitnessPolicy {
        &self.policy
    }
}

/// The task that shows the log to its witnesses.
pub struct Submission {
    stop: oneshot::Sender<()>,
    task: tokio::task::JoinHandle<()>,
}

impl Submission {
    /// Holds the journal back, and starts asking; the journal is released when the witnesses have been asked once, two
    /// seconds at most. To be called before anything is served, within a runtime.
    pub fn start(journal: Journal, witnesses: Witnesses, config: &WitnessingConfig) -> Self {
        journal.await_witnesses(witnesses.policy.quorum());
        let (stop, stopped) = oneshot::channel();
        let rounds = Rounds::new(journal, witnesses, config.interval(), config.max_unwitnessed_age());
        Self { stop, task: tokio::spawn(rounds.run(stopped)) }
    }

    /// Asks once more about what was recorded last, two seconds at most, and shows it to others with the cosignatures that
    /// there are.
    pub async fn stop(self) {
        // The task may have ended by itself, over a frozen journal.
        let _ = self.stop.send(());
        if self.task.await.is_err() {
            tracing::error!("the task that asks the witnesses ended badly");
        }
    }
}

#[cfg(test)]
mod tests;
