//! What witnesses cosigned: kept beside the log, so that a receipt can carry it years later. About nobody.

use diesel::sql_types::{BigInt, Text};

use super::backend::{AnyConnection, Bind};
use super::log::{signed, unsigned};
use super::{Error, Snapshot, Store};

/// A witness's line under a checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignatureRow {
    /// The name of the witness's key.
    pub witness: String,
    /// The line, with its newline.
    pub line: String,
}

/// A checkpoint with lines of witnesses under it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignedCheckpoint {
    /// How many entries it covers.
    pub size: u64,
    /// The note with its cosignatures.
    pub note: String,
}

impl Store {
    /// Keeps cosignatures of a checkpoint. What is there already stays.
    ///
    /// # Errors
    /// When the database fails; then nothing was kept.
    pub fn cosignatures_keep(&self, size: u64, note: &str, lines: &[CosignatureRow]) -> Result<(), Error> {
        let mut connection = self.writer()?;
        connection.begin_batch()?;
        match keep(&mut connection, size, note, lines) {
            Ok(()) => Ok(connection.commit()?),
            Err(error) => {
                // The connection ends here, and with it what it had begun.
                if connection.rollback().is_err() {
                    tracing::debug!("cosignatures could not be rolled back; the connection is given up");
                }
                Err(error)
            }
        }
    }
}

fn keep(
    connection: &mut AnyConnection,
    size: u64,
    note: &str,
    lines: &[CosignatureRow],
) -> Result<(), Error> {
    let size = Bind::Int(signed(size)?);
    connection.run(
        "INSERT INTO audit_checkpoint (size, note) VALUES (?, ?) ON CONFLICT (size) DO NOTHING",
        &[size, Bind::Text(note)],
    )?;
    for row in lines {
        connection.run(
            "INSERT INTO audit_cosig (size, witness, line) VALUES (?, ?, ?) ON CONFLICT (size, witness) DO NOTHING",
            &[size, Bind::Text(&row.witness), Bind::Text(&row.line)],
        )?;
    }
    Ok(())
}

impl Snapshot<'_> {
    /// The smallest checkpoint that covers the entry at `index` and that so many witnesses cosigned, with the lines of all:
    /// the smallest, because it says best by when the entry existed.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn checkpoint_cosigned(
        &mut self,
        index: u64,
        by: usize,
    ) -> Result<Option<CosignedCheckpoint>, Error> {
        let by = i64::try_from(by).map_err(|_| Error::Corrupt("a quorum is too large"))?;
        let found = self.connection.rows::<(BigInt, Text), (i64, String)>(
            "SELECT c.size, c.note FROM audit_checkpoint c WHERE c.size > ? \
             AND (SELECT count(*) FROM audit_cosig s WHERE s.size = c.size) >= ? ORDER BY c.size LIMIT 1",
            &[Bind::Int(signed(index)?), Bind::Int(by)],
        )?;
        let Some((size, mut note)) = found.into_iter().next() else {
            return Ok(None);
        };
        let lines = self.connection.rows::<(Text,), (String,)>(
            "SELECT line FROM audit_cosig WHERE size = ? ORDER BY witness",
            &[Bind::Int(size)],
        )?;
        note.extend(lines.into_iter().map(|(line,)| line));
        Ok(Some(CosignedCheckpoint { size: unsigned(size)?, note }))
    }
}
