//! Keys, store and journal put together from a configuration, for the server and for the operator's commands.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::clock::SharedClock;
use crate::config::{Config, ConfigError};
use crate::crypto::{KeyRing, KeyRingError};
use crate::journal::health::{State, WHAT_TO_DO};
use crate::journal::{Journal, LogIdentity};
use crate::ledger::note::{SigningKey, VerifierKey};
use crate::policy::bundle::Bundle;
use crate::policy::engine::Engine;
use crate::store::Store;
use crate::store::backend::DatabaseUrl;
use crate::submission::WitnessingError;
use crate::transport::{TlsError, files, server};

/// Why a gateway did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The key ring.
    #[error(transparent)]
    KeyRing(#[from] KeyRingError),
    /// A key file.
    #[error(transparent)]
    File(#[from] files::FileError),
    /// The key that signs the log.
    #[error("the signing key of the log: {0}")]
    SigningKey(String),
    /// The policies.
    #[error("the policies: {0}")]
    Policies(String),
    /// The labels.
    #[error(transparent)]
    Labels(#[from] crate::domain::labels::LabelError),
    /// The matching model.
    #[error("the matching model cannot be used")]
    Model(#[from] crate::people::model::ModelError),
    /// The store.
    #[error(transparent)]
    Store(#[from] crate::store::Error),
    /// TLS.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// A port.
    #[error(transparent)]
    Server(#[from] server::ServerError),
    /// The witnesses.
    #[error(transparent)]
    Witnessing(#[from] WitnessingError),
    /// The system.
    #[error("the system refused a thread or a socket")]
    System(#[from] std::io::Error),
    /// The journal cannot record, so nothing is done.
    #[error("the journal cannot record, so nothing was done; see the log for the reason")]
    NotRecorded,
    /// The database contradicts what was signed.
    #[error("the journal is frozen: {0}. What to do: {WHAT_TO_DO}")]
    Frozen(&'static str),
    /// A gateway works with these files already, or a recovery does.
    #[error("{path} is held by a running gateway, or by a recovery under way")]
    Running {
        /// The file by which they keep each other out.
        path: PathBuf,
    },
    /// The time zone of England and Wales.
    #[error("the time zone Europe/London is missing")]
    TimeZone,
}

/// Keys, store and journal: what both the server and the operator's commands need.
pub struct Core {
    /// The two roads.
    pub journal: Journal,
    /// The public half of the key that signs the log.
    pub log_key: VerifierKey,
}

impl Core {
    /// Opens store and journal. `suffix` sets an operator's command apart from the running gateway of the same name.
    ///
    /// # Errors
    /// When a file is missing, malformed or readable by others.
    pub fn open(config: &Config, clock: SharedClock, suffix: &str) -> Result<Self, StartError> {
        Self::with_key(config, clock, suffix, signing_key(&config.keys.signing)?, false)
    }

    /// The same for the log of another key, which the first thing that is recorded begins.
    ///
    /// # Errors
    /// As [`Core::open`].
    pub fn open_next(
        config: &Config,
        clock: SharedClock,
        suffix: &str,
        key: SigningKey,
    ) -> Result<Self, StartError> {
        Self::with_key(config, clock, suffix, key, true)
    }

    fn with_key(
        config: &Config,
        clock: SharedClock,
        suffix: &str,
        key: SigningKey,
        begins: bool,
    ) -> Result<Self, StartError> {
        let keys = Arc::new(KeyRing::load(&config.keys.ring)?);
        let bundle = match &config.policies {
            Some(folder) => Bundle::from_directory(folder),
            None => Bundle::embedded(),
        };
        let policies = Engine::new(bundle.map_err(|error| StartError::Policies(error.to_string()))?);
        let store = Store::new(DatabaseUrl::parse(&config.store.url)?, keys, config.limits.readers());
        let head_file = beside(&config.log.head_file, suffix);
        let others = HEAD_FILES.iter().map(|suffix| beside(&config.log.head_file, suffix));
        let log_key = key.verifier();
        let log = LogIdentity {
            key,
            other_head_files: others.filter(|other| *other != head_file).collect(),
            head_file,
            directory: config.log.directory.clone(),
            begins,
        };
        let replica = format!("{}{suffix}", config.log.replica);
        Ok(Self { journal: Journal::start(store, policies, log, replica, clock)?, log_key })
    }

    /// The same, after the schema was brought up to date.
    ///
    /// # Errors
    /// As [`Core::open`], or when the database cannot be migrated.
    pub fn open_migrated(config: &Config, clock: SharedClock, suffix: &str) -> Result<Self, StartError> {
        let keys = Arc::new(KeyRing::load(&config.keys.ring)?);
        Store::new(DatabaseUrl::parse(&config.store.url)?, keys, 1).migrate()?;
        Self::open(config, clock, suffix)
    }

    /// Waits until the journal records, five seconds at most, and reads the directory.
    ///
    /// # Errors
    /// When it does not.
    pub async fn when_ready(&self) -> Result<(), StartError> {
        ready(&self.journal).await
    }
}

/// What the names of a host's head files end with: the gateway's, and that of an operator's command.
pub const HEAD_FILES: [&str; 2] = ["", "-cli"];

/// A path whose last name goes on with this.
pub fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut whole: OsString = path.to_owned().into_os_string();
    whole.push(suffix);
    whole.into()
}

/// The key that signs the log, from its file.
///
/// # Errors
/// When the file cannot be read, others may read it, or it holds no such key.
pub fn signing_key(path: &Path) -> Result<SigningKey, StartError> {
    SigningKey::parse(&files::secret(path)?).map_err(|error| StartError::SigningKey(error.to_string()))
}

pub(super) async fn ready(journal: &Journal) -> Result<(), StartError> {
    for _ in 0..250 {
        match journal.health().state() {
            State::Ready => {
                let journal = journal.clone();
                tokio::task::spawn_blocking(move || journal.directory_refresh())
                    .await
                    .map_err(std::io::Error::other)??;
                return Ok(());
            }
            State::Frozen(reason) => return Err(StartError::Frozen(reason)),
            State::Starting | State::Unavailable(_) => tokio::time::sleep(Duration::from_millis(20)).await,
        }
    }
    Err(StartError::NotRecorded)
}
