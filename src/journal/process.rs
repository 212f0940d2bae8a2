//! The journal of this process: what it is put together from, and what anybody may ask it.

use std::sync::{Arc, PoisonError, RwLock};

use jiff::Timestamp;

use super::draft::Signature;
use super::health::{CountsNow, Health};
use super::log_file::Passes;
use super::outcome::Unavailable;
use super::road::DEADLINE;
use super::signed::LogIdentity;
use super::witnessed::Witnessed;
use super::writer::Writer;
use crate::clock::SharedClock;
use crate::directory::Directory;
use crate::policy::engine::Engine;
use crate::store::readers::Readers;
use crate::store::setting::SignedPolicySet;
use crate::store::{Error, Snapshot, Store, epoch};

/// The policies of this process.
pub type Policies = Engine;

/// The journal of this process.
#[derive(Clone)]
pub struct Journal(pub(super) Arc<Inner>);

pub(super) struct Inner {
    pub(super) store: Store,
    pub(super) writer: Writer,
    pub(super) policies: Policies,
    pub(super) signature: Signature,
    pub(super) clock: SharedClock,
    pub(super) directory: RwLock<Arc<Directory>>,
    /// The epoch of the policy scope at which the active set was found to be ours.
    pub(super) policy_epoch: RwLock<Option<i64>>,
    pub(super) readers: Readers,
    /// The entries under which auditors read the static log.
    pub(super) passes: Passes,
    /// What the witnesses of the log have seen of it.
    pub(super) witnessed: Witnessed,
}

impl Journal {
    /// Starts the writer and the readers of this process.
    ///
    /// # Errors
    /// When a thread cannot be started.
    pub fn start(
        store: Store,
        policies: Policies,
        log: LogIdentity,
        replica: String,
        clock: SharedClock,
    ) -> std::io::Result<Self> {
        let policy_sha256 = policies.hash().parse().map_err(std::io::Error::other)?;
        let signature = Signature { origin: log.key.name().to_owned(), replica, policy_sha256 };
        let readers = Readers::start(&store)?;
        let writer = Writer::start(store.clone(), log, clock.clone())?;
        Ok(Self(Arc::new(Inner {
            store,
            writer,
            policies,
            signature,
            clock,
            directory: RwLock::new(Arc::new(Directory::default())),
            policy_epoch: RwLock::new(None),
            readers,
            passes: Passes::default(),
            witnessed: Witnessed::default(),
        })))
    }

    /// Records what is queued, and nothing more. Database and files are let go of, also while others still hold this value.
    pub fn end(&self) {
        self.0.writer.end();
        self.0.readers.close();
        self.0.store.close();
    }

    /// Whether the journal can record.
    pub fn health(&self) -> &Health {
        &self.0.writer.health
    }

    /// The present moment.
    pub fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// The policies of this process.
    pub fn policies(&self) -> &Policies {
        &self.0.policies
    }

    /// The store behind the journal. What it gives out needs a permit, and a permit leads back here.
    pub fn store(&self) -> &Store {
        &self.0.store
    }

    /// The readers behind the journal.
    pub fn readers(&self) -> &Readers {
        &self.0.readers
    }

    /// What was counted since the start.
    pub fn counts(&self) -> CountsNow {
        self.0.writer.counts.now()
    }

    /// Notes that the gateway has done all that it does by itself.
    pub fn swept(&self) {
        self.0.writer.counts.swept();
    }

    /// The latest checkpoint that this process signed.
    pub fn checkpoint(&self) -> Option<Arc<str>> {
        self.0.writer.checkpoint.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The directory as this process last read it. Whoever is identified by it is checked against its epoch again.
    pub fn directory(&self) -> Arc<Directory> {
        self.0.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The newest signed policy set that was ever active, if one was. Blocking.
    ///
    /// # Errors
    /// When the database fails.
    pub fn signed_policy_set(&self) -> Result<Option<SignedPolicySet>, Error> {
        self.0.store.snapshot(|tx| tx.signed_policy_set())
    }

    /// Reads the directory again if it has changed. Blocking.
    ///
    /// # Errors
    /// When the database fails.
    pub fn directory_refresh(&self) -> Result<Arc<Directory>, Error> {
        self.0.store.snapshot(|tx| {
            let current = tx.epochs(&[epoch::DIRECTORY])?.pop().map_or(0, |epoch| epoch.value);
            if self.directory().epoch() == current && current != 0 {
                return Ok(self.directory());
            }
            self.reload_directory(tx)
        })
    }

    /// Reads the directory again if it has changed, or gives up when the database hangs.
    ///
    /// # Errors
    /// When the database fails or does not answer in time.
    pub async fn directory_refreshed(&self) -> Result<Arc<Directory>, Unavailable> {
        let journal = self.clone();
        let refreshed = tokio::task::spawn_blocking(move || journal.directory_refresh());
        match tokio::time::timeout(DEADLINE, refreshed).await {
            Ok(Ok(Ok(directory))) => Ok(directory),
            Ok(Ok(Err(_)) | Err(_)) | Err(_) => Err(Unavailable),
        }
    }

    pub(super) fn reload_directory(&self, tx: &mut Snapshot<'_>) -> Result<Arc<Directory>, Error> {
        let directory = tx.directory_read()?;
        *self.0.directory.write().unwrap_or_else(PoisonError::into_inner) = directory.clone();
        Ok(directory)
    }
}
