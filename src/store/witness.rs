//! What witnesses cosigned: kept beside the log, so that a receipt can carry it years later. About nobody.

use diesel::sql_types::{BigInt, Text};

use super::backend::{AnyConnection, Bind};
use super::log::unsigned;
use super::log_number::LogNumber;
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

/// Some checkpoints, and after which size to look for more; `None` at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CosignedPage {
    /// The checkpoints.
    pub checkpoints: Vec<CosignedCheckpoint>,
    /// Where to go on.
    pub next: Option<u64>,
}

/// How many lines of witnesses are read from the database at once.
const PAGE: i64 = 1_024;

impl Store {
    /// Keeps cosignatures of a log's checkpoint. What is there already stays.
    ///
    /// # Errors
    /// When the database fails; then nothing was kept.
    pub fn cosignatures_keep(
        &self,
        log: LogNumber,
        size: u64,
        note: &str,
        lines: &[CosignatureRow],
    ) -> Result<(), Error> {
        let mut connection = self.writer()?;
        connection.begin_batch()?;
        match keep(&mut connection, log.at(size)?, note, lines) {
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

fn keep(connection: &mut AnyConnection, at: i64, note: &str, lines: &[CosignatureRow]) -> Result<(), Error> {
    let size = Bind::Int(at);
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
    /// A log's smallest checkpoint that covers the entry at `index` and that so many witnesses cosigned, with the lines of all:
    /// the smallest, because it says best by when the entry existed.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn checkpoint_cosigned(
        &mut self,
        log: LogNumber,
        index: u64,
        by: usize,
    ) -> Result<Option<CosignedCheckpoint>, Error> {
        let by = i64::try_from(by).map_err(|_| Error::Corrupt("a quorum is too large"))?;
        let found = self.connection.rows::<(BigInt, Text), (i64, String)>(
            "SELECT c.size, c.note FROM audit_checkpoint c WHERE c.size > ? AND c.size < ? \
             AND (SELECT count(*) FROM audit_cosig s WHERE s.size = c.size) >= ? ORDER BY c.size LIMIT 1",
            &[Bind::Int(log.at(index)?), Bind::Int(log.end()?), Bind::Int(by)],
        )?;
        self.with_lines(found)
    }

    /// The first of these checkpoints with the lines of its witnesses.
    fn with_lines(&mut self, found: Vec<(i64, String)>) -> Result<Option<CosignedCheckpoint>, Error> {
        let Some((size, mut note)) = found.into_iter().next() else {
            return Ok(None);
        };
        let lines = self.connection.rows::<(Text,), (String,)>(
            "SELECT line FROM audit_cosig WHERE size = ? ORDER BY witness",
            &[Bind::Int(size)],
        )?;
        note.extend(lines.into_iter().map(|(line,)| line));
        let (_, size) = LogNumber::of(unsigned(size)?);
        Ok(Some(CosignedCheckpoint { size, note }))
    }

    /// A log's largest checkpoint that so many witnesses cosigned, with the lines of all.
    ///
    /// # Errors
    /// When the database fails.
    pub fn checkpoint_newest(
        &mut self,
        log: LogNumber,
        by: usize,
    ) -> Result<Option<CosignedCheckpoint>, Error> {
        let by = i64::try_from(by).map_err(|_| Error::Corrupt("a quorum is too large"))?;
        let found = self.connection.rows::<(BigInt, Text), (i64, String)>(
            "SELECT c.size, c.note FROM audit_checkpoint c WHERE c.size >= ? AND c.size < ? \
             AND (SELECT count(*) FROM audit_cosig s WHERE s.size = c.size) >= ? ORDER BY c.size DESC LIMIT 1",
            &[Bind::Int(log.at(0)?), Bind::Int(log.end()?), Bind::Int(by)],
        )?;
        self.with_lines(found)
    }

    /// A log's checkpoints larger than `after` and smaller than `before` that so many witnesses cosigned, with the lines of all, by
    /// rising size; a page of them.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn checkpoints_cosigned(
        &mut self,
        log: LogNumber,
        after: u64,
        before: u64,
        by: usize,
    ) -> Result<CosignedPage, Error> {
        let rows = self.connection.rows::<(BigInt, Text, Text), (i64, String, String)>(
            "SELECT c.size, c.note, s.line FROM audit_checkpoint c JOIN audit_cosig s ON s.size = c.size \
             WHERE c.size > ? AND c.size < ? ORDER BY c.size, s.witness LIMIT ?",
            &[Bind::Int(log.at(after)?), Bind::Int(log.at(before)?), Bind::Int(PAGE)],
        )?;
        let is_full = i64::try_from(rows.len()) == Ok(PAGE);
        let mut found: Vec<(CosignedCheckpoint, usize)> = Vec::new();
        for (size, note, line) in rows {
            let (_, size) = LogNumber::of(unsigned(size)?);
            match found.last_mut() {
                Some((last, lines)) if last.size == size => {
                    last.note.push_str(&line);
                    *lines += 1;
                }
                _ => found.push((CosignedCheckpoint { size, note: note + &line }, 1)),
            }
        }
        if is_full {
            // The page may have ended within the last one's lines; of no checkpoint are there as many as a page.
            found.pop();
        }
        let looked_to = found.last().map(|(last, _)| last.size);
        let checkpoints =
            found.into_iter().filter(|(_, lines)| *lines >= by).map(|(checkpoint, _)| checkpoint).collect();
        Ok(CosignedPage { checkpoints, next: looked_to.filter(|_| is_full) })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::crypto::KeyRing;
    use crate::store::backend::DatabaseUrl;

    fn store(dir: &std::path::Path) -> Store {
        let ring = dir.join("ring.toml");
        KeyRing::create(&ring, "kek-1").unwrap();
        let url = DatabaseUrl::parse(&format!("sqlite:{}", dir.join("store.db").display())).unwrap();
        let store = Store::new(url, Arc::new(KeyRing::load(&ring).unwrap()), 1);
        store.migrate().unwrap();
        store
    }

    fn keep(store: &Store, size: u64, witnesses: &[&str]) {
        let row =
            |name: &&str| CosignatureRow { witness: (*name).to_owned(), line: format!("{name} {size}\n") };
        let rows: Vec<CosignatureRow> = witnesses.iter().map(row).collect();
        store.cosignatures_keep(LogNumber::FIRST, size, &format!("note {size}\n"), &rows).unwrap();
    }

    #[test]
    fn a_receipt_gets_the_smallest_checkpoint_over_its_entry_that_a_quorum_cosigned() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        let found = |index, by| {
            let found = store.snapshot(|tx| tx.checkpoint_cosigned(LogNumber::FIRST, index, by)).unwrap();
            found.map(|found: CosignedCheckpoint| (found.size, found.note))
        };
        assert_eq!(found(0, 0), None);
        keep(&store, 5, &["b"]);
        keep(&store, 9, &["b", "a"]);
        keep(&store, 12, &["a", "b", "c"]);
        assert_eq!(found(4, 1), Some((5, "note 5\nb 5\n".to_owned())));
        assert_eq!(found(4, 2), Some((9, "note 9\na 9\nb 9\n".to_owned())));
        assert_eq!(found(5, 1).unwrap().0, 9, "the entry at 5 is not in the tree of 5");
        assert_eq!((found(9, 3).unwrap().0, found(11, 1).unwrap().0), (12, 12));
        assert_eq!((found(12, 1), found(0, 4)), (None, None));
        // A line that comes later joins; what is there stays.
        keep(&store, 5, &["a", "b"]);
        assert_eq!(found(4, 2), Some((5, "note 5\na 5\nb 5\n".to_owned())));
        store.cosignatures_keep(LogNumber::FIRST, 5, "another note\n", &[]).unwrap();
        assert_eq!(found(4, 2).unwrap().1, "note 5\na 5\nb 5\n");
    }

    #[test]
    fn pages_hold_every_checkpoint_once_with_all_its_lines() {
        let dir = tempfile::tempdir().unwrap();
        let store = store(dir.path());
        let names: Vec<String> = (0..60).map(|n| format!("{n:02}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        for size in 1..=40_usize {
            keep(&store, u64::try_from(size).unwrap(), &names[..20 + size]);
        }
        let (mut after, mut seen, mut pages) = (2, Vec::new(), 0);
        loop {
            let page = store.snapshot(|tx| tx.checkpoints_cosigned(LogNumber::FIRST, after, 40, 25)).unwrap();
            for checkpoint in page.checkpoints {
                let lines = usize::try_from(checkpoint.size).unwrap() + 20;
                assert_eq!(checkpoint.note.lines().count(), 1 + lines);
                seen.push(checkpoint.size);
            }
            pages += 1;
            match page.next {
                Some(next) => after = next,
                None => break,
            }
        }
        assert_eq!(seen, (5..40).collect::<Vec<u64>>());
        assert_eq!(pages, 2);
    }
}
