//! The two databases behind one connection type: how each is opened, made safe, and asked on the hot roads.
//!
//! Most queries go through Diesel's `MultiConnection`. The few on the hot roads use `AnyConnection::rows` and
//! `AnyConnection::run`, which keep their prepared statements on both backends and may bind arrays on PostgreSQL.
#![allow(missing_docs, reason = "Diesel's derive makes undocumented items beside the connection")]

use diesel::backend::Backend;
use diesel::connection::{AnsiTransactionManager, SimpleConnection as _, TransactionManager as _};
use diesel::deserialize::FromSqlRow;
use diesel::pg::Pg;
use diesel::prelude::*;
use diesel::query_builder::{AstPass, Query, QueryFragment, QueryId};
use diesel::result::QueryResult;
use diesel::sql_types::{Array, BigInt, Binary, Text};
use diesel::sqlite::Sqlite;
use diesel::{MultiConnection, RunQueryDsl};

use super::Error;

/// A connection to either store.
#[derive(MultiConnection)]
pub enum AnyConnection {
    /// PostgreSQL: a region or a nation, several gateways over one database.
    Postgres(PgConnection),
    /// SQLite: embedded, the default.
    Sqlite(SqliteConnection),
}

/// Where the store is, with its kind taken from the URL's scheme alone.
///
/// `MultiConnection` would try each kind in turn and, with PostgreSQL down, open a file of that name.
#[derive(Clone)]
pub enum DatabaseUrl {
    /// `postgresql://…`
    Postgres(String),
    /// `sqlite:PATH`
    Sqlite(String),
}

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Duty {
    /// Snapshots for decisions and disclosures.
    Read,
    /// The journal's writer, migrations and the operator's commands.
    Write,
}

impl DatabaseUrl {
    /// Reads a URL.
    ///
    /// # Errors
    /// When the scheme is neither `postgresql:` nor `sqlite:`, or PostgreSQL is on another host without verified TLS.
    pub fn parse(url: &str) -> Result<Self, Error> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            return Ok(Self::Sqlite(path.to_owned()));
        }
        if url.starts_with("postgresql://") || url.starts_with("postgres://") {
            let verified = url.contains("sslmode=verify-full");
            let socket = url.contains("host=/") || url.contains("host=%2F") || url.contains("@%2F");
            let loopback = ["@localhost", "@127.0.0.1", "@[::1]", "//localhost", "//127.0.0.1", "//[::1]"]
                .iter()
                .any(|host| url.contains(host));
            if !(verified || socket || loopback) {
                return Err(Error::Unsafe(
                    "PostgreSQL on another host needs `sslmode=verify-full` in its URL",
                ));
            }
            return Ok(Self::Postgres(url.to_owned()));
        }
        Err(Error::Unsafe("the database URL must start with `sqlite:` or `postgresql://`"))
    }

    /// Opens a connection and makes sure that what it commits is durable.
    ///
    /// # Errors
    /// When the database cannot be reached, or its settings would let a committed entry be lost.
    pub fn connect(&self, duty: Duty) -> Result<AnyConnection, Error> {
        match self {
            Self::Postgres(url) => {
                let separator = if url.contains('?') { '&' } else { '?' };
                let url = format!("{url}{separator}{POSTGRES_OPTIONS}");
                let mut connection = PgConnection::establish(&url)?;
                secure_postgres(&mut connection, duty)?;
                Ok(AnyConnection::Postgres(connection))
            }
            Self::Sqlite(path) => {
                let mut connection = SqliteConnection::establish(path)?;
                secure_sqlite(&mut connection)?;
                Ok(AnyConnection::Sqlite(connection))
            }
        }
    }
}

impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Postgres(_) => f.write_str("postgresql://(redacted)"),
            Self::Sqlite(path) => write!(f, "sqlite:{path}"),
        }
    }
}

/// A host that is gone without a word is given up within seconds, also by whoever only waits for its answer: the system's own
/// patience would be two hours.
const POSTGRES_OPTIONS: &str = "connect_timeout=2&tcp_user_timeout=2000&keepalives=1&keepalives_idle=2&keepalives_interval=1\
    &keepalives_count=2&application_name=throughgate";
const FIRST_SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
/// A snapshot like the last one.
const NEXT_SNAPSHOT: &str = "COMMIT AND CHAIN";
/// Every statement on the hot roads finds its rows by keys. A plan that is made once, and before there are statistics, must go
/// by the indexes whatever the tables' size then was.
const BY_KEYS: &str = "SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; SET enable_bitmapscan = off; \
     SET enable_hashjoin = off; SET enable_mergejoin = off; SET enable_material = off; SET jit = off";

fn secure_postgres(connection: &mut PgConnection, duty: Duty) -> Result<(), Error> {
    // A frozen holder of the head's lock must not stop the others. No statement_timeout on the writer: over COMMIT it
    // would cancel the wait for a standby and return success.
    connection.batch_execute(match duty {
        Duty::Read => "SET lock_timeout = '2s'; SET statement_timeout = '2s'",
        Duty::Write => "SET lock_timeout = '2s'; SET idle_in_transaction_session_timeout = '2s'",
    })?;
    connection.batch_execute(BY_KEYS)?;
    let (fsync, full_page_writes, synchronous_commit) = diesel::select((
        diesel::dsl::sql::<Text>("current_setting('fsync')"),
        diesel::dsl::sql::<Text>("current_setting('full_page_writes')"),
        diesel::dsl::sql::<Text>("current_setting('synchronous_commit')"),
    ))
    .get_result::<(String, String, String)>(connection)?;
    let durable = matches!(synchronous_commit.as_str(), "on" | "remote_write" | "remote_apply");
    if fsync == "on" && full_page_writes == "on" && durable {
        if duty == Duty::Read {
            connection.batch_execute(FIRST_SNAPSHOT)?;
        }
        Ok(())
    } else {
        Err(Error::Unsafe("PostgreSQL must have fsync, full_page_writes and synchronous_commit on"))
    }
}

fn secure_sqlite(connection: &mut SqliteConnection) -> Result<(), Error> {
    connection.batch_execute(
        "PRAGMA busy_timeout = 2000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
         PRAGMA secure_delete = ON;",
    )?;
    let synchronous = diesel::dsl::sql::<BigInt>("PRAGMA synchronous").get_result::<i64>(connection)?;
    let journal_mode = diesel::dsl::sql::<Text>("PRAGMA journal_mode").get_result::<String>(connection)?;
    if synchronous == 2 && journal_mode == "wal" {
        Ok(())
    } else {
        Err(Error::Unsafe("SQLite must run with synchronous=FULL and journal_mode=WAL"))
    }
}

impl AnyConnection {
    /// Begins a transaction that sees one snapshot and writes nothing. On PostgreSQL the connection is in one already: see
    /// [`Self::end_snapshot`].
    pub(super) fn begin_snapshot(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(_) => Ok(()),
            Self::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN DEFERRED"),
        }
    }

    /// Ends it. On PostgreSQL the next one begins in the same round trip: a snapshot is taken by its first statement, so
    /// one that waits sees and holds nothing. A failed statement's transaction ends here like any other.
    pub(super) fn end_snapshot(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(c) => c.batch_execute(NEXT_SNAPSHOT),
            Self::Sqlite(c) => AnsiTransactionManager::commit_transaction(c),
        }
    }

    /// Begins a batch. On SQLite this takes the write lock at once.
    pub(crate) fn begin_batch(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(c) => {
                AnsiTransactionManager::begin_transaction_sql(c, "BEGIN ISOLATION LEVEL READ COMMITTED")
            }
            Self::Sqlite(c) => AnsiTransactionManager::begin_transaction_sql(c, "BEGIN IMMEDIATE"),
        }
    }

    /// Commits. An error leaves it unknown whether the batch is durable.
    pub(crate) fn commit(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(c) => AnsiTransactionManager::commit_transaction(c),
            Self::Sqlite(c) => AnsiTransactionManager::commit_transaction(c),
        }
    }

    /// Rolls back.
    pub(crate) fn rollback(&mut self) -> QueryResult<()> {
        match self {
            Self::Postgres(c) => AnsiTransactionManager::rollback_transaction(c),
            Self::Sqlite(c) => AnsiTransactionManager::rollback_transaction(c),
        }
    }

    /// Makes durable what counts as committed although no sync of it succeeded: what a process that was killed left in the WAL,
    /// perhaps after a sync that failed and is not tried again by the next. Read back from the system's memory it looks
    /// whole; only written anew does it get to the disk. PostgreSQL does as much when it recovers.
    pub(crate) fn harden(&mut self) -> Result<(), Error> {
        let Self::Sqlite(c) = self else { return Ok(()) };
        let done: Checkpointed = diesel::sql_query("PRAGMA wal_checkpoint(TRUNCATE)").get_result(c)?;
        if done.busy == 0 { Ok(()) } else { Err(Error::Busy) }
    }

    /// Whether it can serve nobody any more.
    pub(super) fn is_unusable(&mut self) -> bool {
        diesel::r2d2::R2D2Connection::is_broken(self)
    }

    /// Whether it is PostgreSQL, for the few statements that the two write differently.
    pub(crate) const fn is_postgres(&self) -> bool {
        matches!(self, Self::Postgres(_))
    }

    /// The statement for this store: PostgreSQL's, or SQLite's.
    pub(super) const fn either(&self, [postgresql, sqlite]: [&'static str; 2]) -> &'static str {
        match self {
            Self::Postgres(_) => postgresql,
            Self::Sqlite(_) => sqlite,
        }
    }

    /// Loads rows by a fixed statement, `?` for each bind, kept prepared.
    pub(crate) fn rows<ST, T>(&mut self, sql: &'static str, binds: &[Bind<'_>]) -> QueryResult<Vec<T>>
    where
        ST: diesel::sql_types::SqlType + 'static,
        Pg: diesel::sql_types::HasSqlType<ST>,
        T: FromSqlRow<ST, Pg> + FromSqlRow<ST, Sqlite> + 'static,
        for<'a> Statement<'a, ST>: RunQueryDsl<PgConnection>
            + RunQueryDsl<SqliteConnection>
            + diesel::query_dsl::LoadQuery<'a, PgConnection, T>
            + diesel::query_dsl::LoadQuery<'a, SqliteConnection, T>,
    {
        let statement = Statement::<ST> { sql, binds, row: std::marker::PhantomData };
        match self {
            Self::Postgres(c) => RunQueryDsl::<PgConnection>::load::<T>(statement, c),
            Self::Sqlite(c) => RunQueryDsl::<SqliteConnection>::load::<T>(statement, c),
        }
    }

    /// Runs a fixed statement, `?` for each bind, kept prepared; answers how many rows it touched.
    pub(crate) fn run(&mut self, sql: &'static str, binds: &[Bind<'_>]) -> QueryResult<usize> {
        let statement = Statement::<diesel::sql_types::Untyped> { sql, binds, row: std::marker::PhantomData };
        match self {
            Self::Postgres(c) => RunQueryDsl::<PgConnection>::execute(statement, c),
            Self::Sqlite(c) => RunQueryDsl::<SqliteConnection>::execute(statement, c),
        }
    }
}

/// What SQLite answers to a checkpoint of its WAL.
#[derive(QueryableByName)]
struct Checkpointed {
    /// 1 when others stood in its way.
    #[diesel(sql_type = BigInt)]
    busy: i64,
}

/// A value for a `?` of a fixed statement.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Bind<'a> {
    /// Bytes.
    Bytes(&'a [u8]),
    /// Text.
    Text(&'a str),
    /// A number, or microseconds since the epoch.
    Int(i64),
    /// An array of bytes; PostgreSQL only.
    BytesArray(&'a [&'a [u8]]),
    /// An array of numbers; PostgreSQL only.
    IntArray(&'a [i64]),
    /// An array of texts; PostgreSQL only.
    TextArray(&'a [&'a str]),
}

/// A fixed statement with its values. It has no static id, so Diesel caches it by its text.
pub(crate) struct Statement<'a, ST> {
    sql: &'static str,
    binds: &'a [Bind<'a>],
    row: std::marker::PhantomData<ST>,
}

impl<ST> Statement<'_, ST> {
    fn walk<'b, DB: Backend>(
        &'b self,
        mut pass: AstPass<'_, 'b, DB>,
        mut bind: impl FnMut(&mut AstPass<'_, 'b, DB>, &'b Bind<'b>) -> QueryResult<()>,
    ) -> QueryResult<()> {
        let mut pieces = self.sql.split('?');
        if let Some(first) = pieces.next() {
            pass.push_sql(first);
        }
        for (piece, value) in pieces.zip(self.binds) {
            bind(&mut pass, value)?;
            pass.push_sql(piece);
        }
        Ok(())
    }
}

impl<ST> QueryFragment<Pg> for Statement<'_, ST> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        self.walk(pass, |pass, bind| match bind {
            Bind::Bytes(value) => pass.push_bind_param::<Binary, [u8]>(value),
            Bind::Text(value) => pass.push_bind_param::<Text, str>(value),
            Bind::Int(value) => pass.push_bind_param::<BigInt, i64>(value),
            Bind::BytesArray(values) => pass.push_bind_param::<Array<Binary>, &'b [&'b [u8]]>(values),
            Bind::IntArray(values) => pass.push_bind_param::<Array<BigInt>, &'b [i64]>(values),
            Bind::TextArray(values) => pass.push_bind_param::<Array<Text>, &'b [&'b str]>(values),
        })
    }
}

impl<ST> QueryFragment<Sqlite> for Statement<'_, ST> {
    fn walk_ast<'b>(&'b self, pass: AstPass<'_, 'b, Sqlite>) -> QueryResult<()> {
        self.walk(pass, |pass, bind| match bind {
            Bind::Bytes(value) => pass.push_bind_param::<Binary, [u8]>(value),
            Bind::Text(value) => pass.push_bind_param::<Text, str>(value),
            Bind::Int(value) => pass.push_bind_param::<BigInt, i64>(value),
            Bind::BytesArray(_) | Bind::IntArray(_) | Bind::TextArray(_) => {
                Err(diesel::result::Error::QueryBuilderError("SQLite binds no arrays".into()))
            }
        })
    }
}

impl<ST> QueryId for Statement<'_, ST> {
    type QueryId = ();
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl<ST: 'static> Query for Statement<'_, ST> {
    type SqlType = ST;
}

impl<ST> RunQueryDsl<PgConnection> for Statement<'_, ST> {}
impl<ST> RunQueryDsl<SqliteConnection> for Statement<'_, ST> {}
