//! The heads of a database's logs: of the one that is written to, under its lock, and of those that recoveries closed.

use diesel::sql_types::{BigInt, Binary, Text};

use super::backend::{AnyConnection, Bind};
use super::log::{hash, unsigned};
use super::log_number::LogNumber;
use super::{Error, Snapshot, Store};
use crate::ledger::Hash;
use crate::ledger::tree::EMPTY_ROOT;

/// The key in `audit_head` of the log that is written to.
const CURRENT: &str = "disclosures";

/// The head of a log as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) log: LogNumber,
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

/// A log that the database holds, or a part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldLog {
    /// Its place in the tables.
    pub number: LogNumber,
    /// Its name, the first line of its checkpoints; empty in a database that no gateway has opened since logs have names there.
    pub origin: String,
    /// How many entries its head in the database states.
    pub size: u64,
    /// The root that this head states.
    pub root: Hash,
}

/// Locks the head of the log that is written to against every other writer, of this process or another, and reads it.
pub(crate) fn head_lock(connection: &mut AnyConnection) -> Result<Head, Error> {
    let sql = if connection.is_postgres() {
        "SELECT number, size, root FROM audit_head WHERE log = ? FOR UPDATE"
    } else {
        "SELECT number, size, root FROM audit_head WHERE log = ?"
    };
    let row =
        connection.rows::<(BigInt, BigInt, Binary), (i64, i64, Vec<u8>)>(sql, &[Bind::Text(CURRENT)])?.pop();
    let (number, size, root) = row.ok_or(NO_HEAD)?;
    Ok(Head { log: LogNumber::from_column(number)?, size: unsigned(size)?, root: hash(&root)? })
}

const NO_HEAD: Error = Error::Corrupt("the log has no head");

/// Which log is written to, and how long it is, without locking it.
pub(crate) fn head_size(connection: &mut AnyConnection) -> Result<(LogNumber, u64), Error> {
    let row = connection
        .rows::<(BigInt, BigInt), (i64, i64)>(
            "SELECT number, size FROM audit_head WHERE log = ?",
            &[Bind::Text(CURRENT)],
        )?
        .pop();
    let (number, size) = row.ok_or(NO_HEAD)?;
    Ok((LogNumber::from_column(number)?, unsigned(size)?))
}

/// Gives an empty database its empty log, and answers which one is written to. One that nobody named yet is named.
pub(crate) fn head_ensure(connection: &mut AnyConnection, origin: &str) -> Result<HeldLog, Error> {
    connection.run(
        "INSERT INTO audit_head (log, size, frontier, root, number, origin) VALUES (?, 0, ?, ?, 0, ?) \
         ON CONFLICT DO NOTHING",
        &[Bind::Text(CURRENT), Bind::Bytes(&[]), Bind::Bytes(EMPTY_ROOT.as_bytes()), Bind::Text(origin)],
    )?;
    let current = head_current(connection)?;
    if !current.origin.is_empty() {
        return Ok(current);
    }
    connection.run(
        "UPDATE audit_head SET origin = ? WHERE log = ? AND origin = ''",
        &[Bind::Text(origin), Bind::Text(CURRENT)],
    )?;
    head_current(connection)
}

type Columns = (BigInt, Text, BigInt, Binary);
type Values = (i64, String, i64, Vec<u8>);

fn held((number, origin, size, root): Values) -> Result<HeldLog, Error> {
    Ok(HeldLog { number: LogNumber::from_column(number)?, origin, size: unsigned(size)?, root: hash(&root)? })
}

fn head_current(connection: &mut AnyConnection) -> Result<HeldLog, Error> {
    let row = connection.rows::<Columns, Values>(
        "SELECT number, origin, size, root FROM audit_head WHERE log = ?",
        &[Bind::Text(CURRENT)],
    )?;
    row.into_iter().next().ok_or(NO_HEAD).and_then(held)
}

/// Moves the head from `old` to `new`; the compare-and-swap that keeps two writers from forking the log.
pub(crate) fn head_move(
    connection: &mut AnyConnection,
    old: u64,
    new: &Head,
    frontier: &[u8],
) -> Result<(), Error> {
    let touched = connection.run(
        "UPDATE audit_head SET size = ?, frontier = ?, root = ? WHERE log = ? AND size = ? AND number = ?",
        &[
            Bind::Int(super::log::signed(new.size)?),
            Bind::Bytes(frontier),
            Bind::Bytes(new.root.as_bytes()),
            Bind::Text(CURRENT),
            Bind::Int(super::log::signed(old)?),
            Bind::Int(new.log.column()?),
        ],
    )?;
    if touched == 1 { Ok(()) } else { Err(Error::Corrupt("another writer moved the head under its lock")) }
}

/// Closes the log that is written to, under its name, and begins the next one; its head must be locked. Nothing else of the old
/// log is touched.
pub(super) fn head_succeed(
    connection: &mut AnyConnection,
    closed: &HeldLog,
    origin: &str,
) -> Result<Head, Error> {
    let next = closed.number.next()?;
    // The size and root in the condition: what was found and stated must still be so.
    let touched = connection.run(
        "UPDATE audit_head SET log = ? WHERE log = ? AND origin = ? AND number = ? AND size = ? AND root = ?",
        &[
            Bind::Text(&closed.origin),
            Bind::Text(CURRENT),
            Bind::Text(&closed.origin),
            Bind::Int(closed.number.column()?),
            Bind::Int(super::log::signed(closed.size)?),
            Bind::Bytes(closed.root.as_bytes()),
        ],
    )?;
    if touched != 1 {
        return Err(Error::Corrupt("the log changed since it was looked at"));
    }
    connection.run(
        "INSERT INTO audit_head (log, size, frontier, root, number, origin) VALUES (?, 0, ?, ?, ?, ?)",
        &[
            Bind::Text(CURRENT),
            Bind::Bytes(&[]),
            Bind::Bytes(EMPTY_ROOT.as_bytes()),
            Bind::Int(next.column()?),
            Bind::Text(origin),
        ],
    )?;
    Ok(Head { log: next, size: 0, root: EMPTY_ROOT })
}

/// The log of this name, where the database holds it.
pub(crate) fn log_named(connection: &mut AnyConnection, origin: &str) -> Result<Option<HeldLog>, Error> {
    let rows = connection.rows::<Columns, Values>(
        "SELECT number, origin, size, root FROM audit_head WHERE origin = ?",
        &[Bind::Text(origin)],
    )?;
    rows.into_iter().next().map(held).transpose()
}

impl Store {
    /// The log that is written to; an empty database is given an empty one of this name, and one without a name gets it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn log_ensure(&self, origin: &str) -> Result<HeldLog, Error> {
        head_ensure(&mut self.writer()?, origin)
    }
}

impl Snapshot<'_> {
    /// Every log that the database holds, the one that is written to last.
    ///
    /// # Errors
    /// When the database fails.
    pub fn logs(&mut self) -> Result<Vec<HeldLog>, Error> {
        let rows = self.connection.rows::<Columns, Values>(
            "SELECT number, origin, size, root FROM audit_head ORDER BY number",
            &[],
        )?;
        rows.into_iter().map(held).collect()
    }

    /// The log of this name, where the database holds it.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn log_named(&mut self, origin: &str) -> Result<Option<HeldLog>, Error> {
        log_named(self.connection, origin)
    }
}
