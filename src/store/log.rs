//! The log's tables: leaves, tiles, the encrypted fields of entries, and the ways to find them.

use std::cell::RefCell;

use diesel::sql_types::{BigInt, Binary, Nullable};

use super::backend::{AnyConnection, Bind};
use super::log_number::LogNumber;
use super::{Error, Snapshot};
use crate::crypto::Token;
use crate::ledger::{Hash, tree::FullTile, tree::Nodes};

/// An entry, ready to be appended.
#[derive(Debug)]
pub(crate) struct EntryRow {
    pub(crate) entry_id: [u8; 16],
    pub(crate) leaf_hash: Hash,
    pub(crate) leaf: Vec<u8>,
    pub(crate) person_key: [u8; 16],
    pub(crate) person_part: Vec<u8>,
    pub(crate) rest_key: [u8; 16],
    pub(crate) rest_part: Vec<u8>,
    pub(crate) tokens: Vec<Token>,
}

/// An entry's stored form, as it is read back.
#[derive(Debug)]
pub(crate) struct StoredEntry {
    /// Its position among those of all logs.
    pub(crate) position: u64,
    pub(crate) leaf: Vec<u8>,
    pub(crate) private: Option<StoredPrivate>,
}

/// The encrypted fields of an entry; the person's part is empty once that person was erased.
#[derive(Debug)]
pub(crate) struct StoredPrivate {
    pub(crate) person_key: Vec<u8>,
    pub(crate) person_part: Vec<u8>,
    pub(crate) rest_key: Vec<u8>,
    pub(crate) rest_part: Vec<u8>,
    /// The position of the entry that recorded the erasure of the person's part.
    pub(crate) erased_by: Option<u64>,
}

type Columns = (BigInt, Binary, Nullable<(Binary, Binary, Binary, Binary)>, Nullable<BigInt>);
type Values = (i64, Vec<u8>, Option<(Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>)>, Option<i64>);

/// A statement for entries with what is encrypted beside them. A leaf counts whether or not there is anything.
macro_rules! stored_entries {
    ($from:literal, $which:literal) => {
        concat!(
            "SELECT l.idx, l.leaf, p.person_key, p.person_part, p.rest_key, p.rest_part, e.idx FROM ",
            $from,
            " LEFT JOIN audit_private p ON p.idx = l.idx LEFT JOIN audit_leaf e ON e.entry_id = p.erased_by WHERE ",
            $which,
            " LIMIT ?"
        )
    };
}

pub(super) fn signed(number: u64) -> Result<i64, Error> {
    i64::try_from(number).map_err(|_| Error::Corrupt("the log is too long"))
}

pub(super) fn unsigned(number: i64) -> Result<u64, Error> {
    u64::try_from(number).map_err(|_| Error::Corrupt("a position in the log is negative"))
}

pub(super) fn hash(bytes: &[u8]) -> Result<Hash, Error> {
    bytes.try_into().map(Hash::from_bytes).map_err(|_| Error::Corrupt("a hash is not 32 bytes"))
}

/// Appends entries from index `first` on.
pub(crate) fn entries_append(
    connection: &mut AnyConnection,
    log: LogNumber,
    first: u64,
    entries: &[&EntryRow],
) -> Result<(), Error> {
    let first = log.at(first)?;
    if connection.is_postgres() {
        append_by_array(connection, first, entries)
    } else {
        append_singly(connection, first, entries)
    }
}

fn append_by_array(connection: &mut AnyConnection, first: i64, entries: &[&EntryRow]) -> Result<(), Error> {
    let column =
        |of: fn(&EntryRow) -> &[u8]| -> Vec<&[u8]> { entries.iter().map(|entry| of(entry)).collect() };
    let idx: Vec<i64> = (first..).take(entries.len()).collect();
    let (tokens, at): (Vec<&[u8]>, Vec<i64>) = entries
        .iter()
        .zip(first..)
        .flat_map(|(entry, idx)| entry.tokens.iter().map(move |token| (token.as_slice(), idx)))
        .unzip();
    connection.run(
        "WITH leaves AS (INSERT INTO audit_leaf (idx, entry_id, leaf_hash, leaf) \
         SELECT * FROM unnest(?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[])), \
         privates AS (INSERT INTO audit_private (idx, person_key, person_part, rest_key, rest_part) \
         SELECT * FROM unnest(?::bigint[], ?::bytea[], ?::bytea[], ?::bytea[], ?::bytea[])) \
         INSERT INTO audit_index (token, idx) SELECT * FROM unnest(?::bytea[], ?::bigint[])",
        &[
            Bind::IntArray(&idx),
            Bind::BytesArray(&column(|e| &e.entry_id)),
            Bind::BytesArray(&column(|e| e.leaf_hash.as_bytes())),
            Bind::BytesArray(&column(|e| &e.leaf)),
            Bind::IntArray(&idx),
            Bind::BytesArray(&column(|e| &e.person_key)),
            Bind::BytesArray(&column(|e| &e.person_part)),
            Bind::BytesArray(&column(|e| &e.rest_key)),
            Bind::BytesArray(&column(|e| &e.rest_part)),
            Bind::BytesArray(&tokens),
            Bind::IntArray(&at),
        ],
    )?;
    Ok(())
}

fn append_singly(connection: &mut AnyConnection, first: i64, entries: &[&EntryRow]) -> Result<(), Error> {
    for (entry, idx) in entries.iter().zip(first..) {
        connection.run(
            "INSERT INTO audit_leaf (idx, entry_id, leaf_hash, leaf) VALUES (?, ?, ?, ?)",
            &[
                Bind::Int(idx),
                Bind::Bytes(&entry.entry_id),
                Bind::Bytes(entry.leaf_hash.as_bytes()),
                Bind::Bytes(&entry.leaf),
            ],
        )?;
        connection.run(
            "INSERT INTO audit_private (idx, person_key, person_part, rest_key, rest_part) VALUES (?, ?, ?, ?, ?)",
            &[
                Bind::Int(idx),
                Bind::Bytes(&entry.person_key),
                Bind::Bytes(&entry.person_part),
                Bind::Bytes(&entry.rest_key),
                Bind::Bytes(&entry.rest_part),
            ],
        )?;
        for token in &entry.tokens {
            connection.run(
                "INSERT INTO audit_index (token, idx) VALUES (?, ?)",
                &[Bind::Bytes(token), Bind::Int(idx)],
            )?;
        }
    }
    Ok(())
}

/// Keeps the tiles that a batch filled.
pub(crate) fn tiles_put(
    connection: &mut AnyConnection,
    log: LogNumber,
    tiles: &[FullTile],
) -> Result<(), Error> {
    for tile in tiles {
        let n = log.tile(tile.level, tile.index)?;
        connection.run(
            "INSERT INTO audit_tile (level, n, hashes) VALUES (?, ?, ?)",
            &[Bind::Int(i64::from(tile.level)), Bind::Int(n), Bind::Bytes(&tile.hashes)],
        )?;
    }
    Ok(())
}

/// Reads the nodes of a log's tree from the tables, on whatever transaction the connection is in.
pub(crate) struct StoredNodes<'a> {
    connection: RefCell<&'a mut AnyConnection>,
    log: LogNumber,
}

impl<'a> StoredNodes<'a> {
    pub(crate) const fn new(connection: &'a mut AnyConnection, log: LogNumber) -> Self {
        Self { connection: RefCell::new(connection), log }
    }
}

impl Nodes for StoredNodes<'_> {
    type Error = Error;

    fn full_tile(&self, level: u8, index: u64) -> Result<Vec<u8>, Error> {
        self.connection
            .borrow_mut()
            .rows::<(Binary,), (Vec<u8>,)>(
                "SELECT hashes FROM audit_tile WHERE level = ? AND n = ?",
                &[Bind::Int(i64::from(level)), Bind::Int(self.log.tile(level, index)?)],
            )?
            .pop()
            .map(|(hashes,)| hashes)
            .ok_or(Error::Corrupt("a tile of the log is missing"))
    }

    fn leaf_hashes(&self, range: std::ops::Range<u64>) -> Result<Vec<Hash>, Error> {
        self.connection
            .borrow_mut()
            .rows::<(Binary,), (Vec<u8>,)>(
                "SELECT leaf_hash FROM audit_leaf WHERE idx >= ? AND idx < ? ORDER BY idx",
                &[Bind::Int(self.log.at(range.start)?), Bind::Int(self.log.at(range.end)?)],
            )?
            .iter()
            .map(|(bytes,)| hash(bytes))
            .collect()
    }
}

impl Snapshot<'_> {
    /// The nodes of a log's tree.
    pub(crate) fn log_nodes(&mut self, log: LogNumber) -> StoredNodes<'_> {
        StoredNodes::new(self.connection, log)
    }

    /// Some leaves of a log from an index on, in order.
    pub(crate) fn log_leaves(
        &mut self,
        log: LogNumber,
        from: u64,
        limit: i64,
    ) -> Result<Vec<Vec<u8>>, Error> {
        Ok(self
            .connection
            .rows::<(Binary,), (Vec<u8>,)>(
                "SELECT leaf FROM audit_leaf WHERE idx >= ? AND idx < ? ORDER BY idx LIMIT ?",
                &[Bind::Int(log.at(from)?), Bind::Int(log.end()?), Bind::Int(limit)],
            )?
            .into_iter()
            .map(|(leaf,)| leaf)
            .collect())
    }

    /// The position of an entry, by its id, among those of all logs.
    pub(crate) fn log_position(&mut self, entry: &[u8; 16]) -> Result<Option<u64>, Error> {
        self.connection
            .rows::<(BigInt,), (i64,)>(
                "SELECT idx FROM audit_leaf WHERE entry_id = ?",
                &[Bind::Bytes(entry)],
            )?
            .pop()
            .map(|(idx,)| unsigned(idx))
            .transpose()
    }

    /// Entries of all logs after a position, newest last; all of them, or those under a token.
    pub(crate) fn log_entries(
        &mut self,
        under: Option<&Token>,
        from: u64,
        limit: i64,
    ) -> Result<Vec<StoredEntry>, Error> {
        let from = signed(from)?;
        let rows = match under {
            None => self.connection.rows::<Columns, Values>(
                stored_entries!("audit_leaf l", "l.idx >= ? ORDER BY l.idx"),
                &[Bind::Int(from), Bind::Int(limit)],
            )?,
            Some(token) => self.connection.rows::<Columns, Values>(
                stored_entries!(
                    "audit_index i JOIN audit_leaf l ON l.idx = i.idx",
                    "i.token = ? AND i.idx >= ? ORDER BY i.idx"
                ),
                &[Bind::Bytes(token), Bind::Int(from), Bind::Int(limit)],
            )?,
        };
        rows.into_iter()
            .map(|(idx, leaf, private, erased_by)| {
                let erased_by = erased_by.map(unsigned).transpose()?;
                let private = private.map(|(person_key, person_part, rest_key, rest_part)| StoredPrivate {
                    person_key,
                    person_part,
                    rest_key,
                    rest_part,
                    erased_by,
                });
                Ok(StoredEntry { position: unsigned(idx)?, leaf, private })
            })
            .collect()
    }

    /// Entries of all logs from a position on, under any of these tokens, newest last, each once.
    pub(crate) fn log_entries_of(
        &mut self,
        under: &[Token],
        from: u64,
        limit: i64,
    ) -> Result<Vec<StoredEntry>, Error> {
        let mut entries = Vec::new();
        for token in under {
            entries.extend(self.log_entries(Some(token), from, limit)?);
        }
        entries.sort_by_key(|entry| entry.position);
        entries.dedup_by_key(|entry| entry.position);
        entries.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        Ok(entries)
    }
}
