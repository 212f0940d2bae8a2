//! Ending a log that was lost or contradicts what was signed, and beginning the next one: what that writes, and who must be gone.
//!
//! Of the old log nothing is moved, altered or deleted: its head row gets the log's own name, and the new log's positions lie
//! behind its. So its entries stay readable, its proofs can be made, and an erasure still reaches what it says of a person.

use std::time::{Duration, Instant};

use diesel::sql_types::{BigInt, Text};

use super::backend::{AnyConnection, Bind};
use super::entry_open::EntryOpener;
use super::head::{Head, HeldLog, head_succeed};
use super::log_number::LogNumber;
use super::{Error, Snapshot, Store};
use crate::ledger::entry::Field;
use crate::ledger::recovery::RecoveredFile;

/// How long a gateway that was stopped may take until its connections are closed.
const GOING: Duration = Duration::from_secs(3);

/// A recovery, prepared: applied by the writer in one transaction with the entry that begins the new log.
#[derive(Debug, Clone)]
pub struct Recovery {
    /// The log to close, as its head was found and as it must still be.
    pub closed: HeldLog,
    /// The name of the next one.
    pub origin: String,
    /// What its first entry commits to.
    pub statement: String,
    /// Signed checkpoints of the closed log that its tree in the database agrees with, by size: for receipts of its entries.
    pub checkpoints: Vec<(u64, String)>,
}

impl Recovery {
    /// Closes the one log and begins the next. Within the writer's transaction, with the head locked and before anything is
    /// appended.
    pub(crate) fn apply(&self, connection: &mut AnyConnection) -> Result<Head, Error> {
        let next = head_succeed(connection, &self.closed, &self.origin)?;
        connection.run(
            "INSERT INTO audit_recovery (number, statement) VALUES (?, ?)",
            &[Bind::Int(next.log.column()?), Bind::Text(&self.statement)],
        )?;
        for (size, note) in &self.checkpoints {
            connection.run(
                "INSERT INTO audit_checkpoint (size, note) VALUES (?, ?) ON CONFLICT (size) DO NOTHING",
                &[Bind::Int(self.closed.number.at(*size)?), Bind::Text(note)],
            )?;
        }
        Ok(next)
    }
}

impl Snapshot<'_> {
    /// How a log came about that a recovery began, with what proves it by the log's first entry; `None` for others. It needs no
    /// permit: it is about nobody, and says nothing but which log was closed and how far that was signed.
    ///
    /// # Errors
    /// When the database fails, or the first entry cannot be opened.
    pub fn recovered_file(&mut self, log: LogNumber) -> Result<Option<RecoveredFile>, Error> {
        let rows = self.connection.rows::<(Text,), (String,)>(
            "SELECT statement FROM audit_recovery WHERE number = ?",
            &[Bind::Int(log.column()?)],
        )?;
        let Some((statement,)) = rows.into_iter().next() else {
            return Ok(None);
        };
        let first = self.log_entries(None, log.position(0)?, 1)?.pop().ok_or(NO_ENTRY)?;
        let opened = EntryOpener::default().open(self, first)?;
        let opening = opened.commitments.and_then(|commitments| commitments.open(Field::EnvelopeSha256));
        Ok(Some(RecoveredFile { opening: opening.ok_or(NO_ENTRY)?, statement }))
    }
}

const NO_ENTRY: Error = Error::Corrupt("the first entry of a recovered log is missing");

impl Store {
    /// How many connections of gateways and other commands there are to this database besides this one, once those of a gateway
    /// that was just stopped had time to close. SQLite cannot tell, and says none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn others_connected(&self) -> Result<u64, Error> {
        let mut connection = self.writer()?;
        if !connection.is_postgres() {
            return Ok(0);
        }
        let until = Instant::now() + GOING;
        loop {
            let row = connection
                .rows::<(BigInt,), (i64,)>(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                     AND application_name = 'throughgate' AND pid <> pg_backend_pid()",
                    &[],
                )?
                .pop();
            let others = row.map_or(0, |(others,)| u64::try_from(others).unwrap_or(0));
            if others == 0 || Instant::now() >= until {
                return Ok(others);
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}
