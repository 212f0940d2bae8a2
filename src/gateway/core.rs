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
        let policies = Engine::new(policies(config)?);
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
        let journal = Journal::start(store, policies, log, replica, clock)?;
        not_older_than_active(&journal)?;
        Ok(Self { journal, log_key })
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

/// The policies that the configuration names, as they were signed; those that come with the program, if it names none.
///
/// # Errors
/// When they do not load, or are not what somebody signed whose key counts; the message says what to do.
pub fn policies(config: &Config) -> Result<Bundle, StartError> {
    let refused = |message: String| StartError::Policies(message);
    let Some(folder) = &config.policies else {
        return Bundle::embedded().map_err(|error| refused(error.to_string()));
    };
    let Some(path) = &config.policies_key else {
        return Err(refused(
            "`policies` names a folder, and `policies_key` must name the public key that its set is signed with; \
             `throughgate policy sign DIR --key FILE` signs it and writes FILE.vkey"
                .to_owned(),
        ));
    };
    let text = std::fs::read_to_string(path)
        .map_err(|source| ConfigError::Unreadable { path: path.clone(), source })?;
    let keys =
        VerifierKey::parse_file(&text).map_err(|error| refused(format!("{}: {error}", path.display())))?;
    Bundle::signed(folder, &keys).map_err(|error| refused(format!("{}: {error}", folder.display())))
}

/// Makes sure that a signed set does not take the place of a newer one. A database that does not answer is no reason not to start: while
/// another set is active, nothing is served.
fn not_older_than_active(journal: &Journal) -> Result<(), StartError> {
    let Some(version) = journal.policies().bundle().version() else { return Ok(()) };
    let hash = journal.policies().hash();
    let Ok(Some(active)) = journal.signed_policy_set() else { return Ok(()) };
    if active.admits(version, hash) {
        return Ok(());
    }
    Err(StartError::Policies(format!(
        "the set is version {version}, and version {} was made active before; to go back to what it says, sign it again as a newer one: \
         `throughgate policy sign DIR --key FILE --version {}`",
        active.version,
        active.version.saturating_add(1),
    )))
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
