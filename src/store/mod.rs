//! What is kept, and how it is read: every read of a person's data takes a permit, every column is encrypted.

pub mod account;
pub mod backend;
pub mod break_glass;
pub mod budget;
pub mod change;
pub mod check;
mod concern_facts;
mod custody_facts;
mod decision_facts;
pub mod directory;
pub mod documents;
mod dossier;
pub mod entry;
mod entry_open;
pub(crate) mod entry_part;
pub mod epoch;
pub mod erasure;
pub mod event;
pub mod facts;
pub mod handle;
pub mod head;
pub mod identity;
pub mod keys;
pub mod kind;
pub mod log;
pub mod log_number;
pub mod match_frequency;
pub mod match_index;
pub mod match_pair;
pub mod match_rekey;
mod national;
pub mod operations_day;
mod partner_facts;
pub mod parts;
mod possibly;
pub mod readers;
pub mod record;
pub mod recovery;
pub mod replay;
pub mod review;
pub mod rotation;
pub mod schema;
pub mod scorecard;
pub mod setting;
pub mod slot;
pub mod subject;
pub mod tally;
pub mod task;
pub mod task_read;
pub mod version;
pub mod witness;
pub mod write;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use diesel::r2d2::{ManageConnection, Pool};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use crate::crypto::KeyRing;
use backend::{AnyConnection, DatabaseUrl, Duty};

const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgresql");
const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");

/// Why the store could not answer. Shown to operators, never to callers.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or failed a statement.
    #[error("the database failed a statement")]
    Query(#[from] diesel::result::Error),
    /// The database could not be reached.
    #[error("the database could not be reached")]
    Connect(#[from] diesel::ConnectionError),
    /// No connection became free in time.
    #[error("no database connection became free in time")]
    Pool(#[from] diesel::r2d2::PoolError),
    /// The gateway has ended.
    #[error("the store is closed")]
    Closed,
    /// Other processes stood in the way of what needs the database for a moment alone.
    #[error("other processes stand in the way")]
    Busy,
    /// A setting would let committed entries be lost, or data travel in the clear.
    #[error("unsafe database setting: {0}")]
    Unsafe(&'static str),
    /// An encrypted column did not open.
    #[error(transparent)]
    Unreadable(#[from] crate::crypto::Unreadable),
    /// The database holds something that the gateway never writes.
    #[error("the database holds what the gateway never writes: {0}")]
    Corrupt(&'static str),
    /// Another policy set is active in this deployment than the one that this process runs.
    #[error("another policy set is active than the one that this gateway runs; activate one of them on all")]
    OtherPolicySet,
    /// Data keys are made under another key-encryption key than this process's ring has first.
    #[error(
        "the key ring lacks the primary key-encryption key of this deployment; copy the ring to every host"
    )]
    OtherKeyRing,
    /// A check that knows one log met several.
    #[error(
        "the database holds several logs, after a recovery, and only one alone can be checked: use `audit verify` on each"
    )]
    SeveralLogs,
    /// The migrations could not be run.
    #[error("the database could not be migrated: {0}")]
    Migration(String),
}

/// The store: a pool of connections for snapshots, the way to a writer's own connection, and the keys.
#[derive(Clone)]
pub struct Store {
    url: DatabaseUrl,
    pool: Pool<Pooled>,
    is_closed: Arc<AtomicBool>,
    keys: Arc<KeyRing>,
}

impl Store {
    /// Makes the pool. Connections are opened when they are first needed, so that a gateway can start, and say that it
    /// is not ready, while its database is down.
    pub fn new(url: DatabaseUrl, keys: Arc<KeyRing>, connections: u32) -> Self {
        let is_closed = Arc::<AtomicBool>::default();
        let pool = Pool::builder()
            .max_size(connections)
            .min_idle(Some(0))
            .test_on_check_out(false)
            .connection_timeout(Duration::from_secs(1))
            .error_handler(Box::new(diesel::r2d2::NopErrorHandler))
            .build_unchecked(Pooled { url: url.clone(), is_closed: is_closed.clone() });
        Self { url, pool, is_closed, keys }
    }

    /// Closes the pool: connections that are in use, when they come back. Whoever asks from now on hears that it is closed.
    pub fn close(&self) {
        self.is_closed.store(true, Ordering::SeqCst);
        // Each is found unusable as it comes back.
        while self.pool.try_get().is_some() {}
    }

    /// Runs `work` on one consistent snapshot of the database, which it cannot write to.
    ///
    /// # Errors
    /// When the database cannot be reached, or `work` fails.
    pub fn snapshot<T, E: From<Error>>(
        &self,
        work: impl FnOnce(&mut Snapshot<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut connection = self.pool.get().map_err(Error::from)?;
        connection.begin_snapshot().map_err(Error::from)?;
        let mut snapshot =
            Snapshot { connection: &mut connection, keys: &self.keys, held: Vec::new(), dossier: None };
        let result = work(&mut snapshot);
        // Nothing was written, so a failed end of the snapshot loses nothing; the pool discards a broken connection.
        if connection.end_snapshot().is_err() {
            tracing::debug!("a snapshot did not end cleanly");
        }
        result
    }

    /// A connection of one's own that only reads.
    fn reader(&self) -> Result<AnyConnection, Error> {
        self.url.connect(Duty::Read)
    }

    /// How many snapshots can be taken at once.
    pub fn connections(&self) -> usize {
        usize::try_from(self.pool.max_size()).unwrap_or(1)
    }

    /// A connection of one's own that may write: for the journal's writer and for migrations.
    ///
    /// # Errors
    /// When the database cannot be reached or its settings are unsafe.
    pub fn writer(&self) -> Result<AnyConnection, Error> {
        self.url.connect(Duty::Write)
    }

    /// Brings the schema up to date. Safe to repeat, and with several processes at once.
    ///
    /// # Errors
    /// When a migration fails.
    pub fn migrate(&self) -> Result<(), Error> {
        let mut connection = self.writer()?;
        let failed = |error: Box<dyn std::error::Error + Send + Sync>| Error::Migration(error.to_string());
        match &mut connection {
            AnyConnection::Postgres(c) => {
                c.run_pending_migrations(POSTGRES).map_err(failed)?;
            }
            AnyConnection::Sqlite(c) => {
                c.run_pending_migrations(SQLITE).map_err(failed)?;
            }
        }
        Ok(())
    }

    /// The keys that the database never sees.
    pub fn keys(&self) -> &Arc<KeyRing> {
        &self.keys
    }
}

/// One consistent, read-only view of the database.
pub struct Snapshot<'a> {
    connection: &'a mut AnyConnection,
    keys: &'a KeyRing,
    /// The data keys that rows of this snapshot came with: each is unwrapped once.
    held: Vec<keys::SeenKey>,
    /// What came with the facts about a DIR.
    dossier: Option<dossier::Dossier>,
}

impl<'a> Snapshot<'a> {
    fn new(connection: &'a mut AnyConnection, keys: &'a KeyRing) -> Self {
        Self { connection, keys, held: Vec::new(), dossier: None }
    }

    /// The keys that the database never sees.
    pub fn keys(&self) -> &KeyRing {
        self.keys
    }
}

/// Makes and checks the pooled connections.
struct Pooled {
    url: DatabaseUrl,
    is_closed: Arc<AtomicBool>,
}

impl ManageConnection for Pooled {
    type Connection = AnyConnection;
    type Error = Error;

    fn connect(&self) -> Result<AnyConnection, Error> {
        if self.is_closed.load(Ordering::SeqCst) {
            return Err(Error::Closed);
        }
        self.url.connect(Duty::Read)
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        use diesel::connection::SimpleConnection as _;
        Ok(connection.batch_execute("SELECT 1")?)
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        self.is_closed.load(Ordering::SeqCst) || connection.is_unusable()
    }
}

/// Sixteen bytes of an id column.
fn id_bytes(column: &[u8]) -> Result<[u8; 16], Error> {
    column.try_into().map_err(|_| Error::Corrupt("an id is not sixteen bytes"))
}

/// A list of bytes as SQLite takes it, which knows no array: JSON of their hexadecimal form.
fn hex_list(list: &[&[u8]]) -> Result<String, Error> {
    let hex: Vec<String> =
        list.iter().map(|bytes| bytes.iter().map(|byte| format!("{byte:02x}")).collect()).collect();
    serde_json::to_string(&hex).map_err(|_| Error::Corrupt("a list does not serialise"))
}
