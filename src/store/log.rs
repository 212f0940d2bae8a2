//! The log's tables: the head under its lock, leaves, tiles, the encrypted fields of entries, and the ways to find them.

use diesel::sql_types::{BigInt, Binary, Nullable};

use super::backend::{AnyConnection, Bind};
use super::{Error, Snapshot};
use crate::crypto::Token;
use crate::ledger::{Hash, tree::FullTile, tree::Nodes};

/// The name of the one log in `audit_head`.
pub(super) const LOG: &str = "disclosures";

/// The head of the log as the database has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) size: u64,
    pub(crate) root: Hash,
}

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
    pub(crate) idx: u64,
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
    /// The place of the entry that recorded the erasure of the person's part.
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

fn hash(bytes: &[u8]) -> Result<Hash, Error> {
    bytes.try_into().map(Hash::from_bytes).map_err(|_| Error::Corrupt("a hash is not 32 bytes"))
}

/// Locks the head against every other writer, of this process or another, and reads it.
pub(crate) fn head_lock(connection: &mut AnyConnection) -> Result<Head, Error> {
    let sql = if connection.is_postgres() {
        "SELECT size, root FROM audit_head WHERE log = ? FOR UPDATE"
    } else {
        "SELECT size, root FROM audit_head WHERE log = ?"
    };
    let row = connection.rows::<(BigInt, Binary), (i64, Vec<u8>)>(sql, &[Bind::Text(LOG)])?.pop();
    let (size, root) = row.ok_or(Error::Corrupt("the log has no head"))?;
    Ok(Head { size: unsigned(size)?, root: hash(&root)? })
}

/// How long the log is, without locking it.
pub(crate) fn head_size(connection: &mut AnyConnection) -> Result<u64, Error> {
    let row = connection
        .rows::<(BigInt,), (i64,)>("SELECT size FROM audit_head WHERE log = ?", &[Bind::Text(LOG)])?
        .pop();
    row.ok_or(Error::Corrupt("the log has no head")).and_then(|(size,)| unsigned(size))
}

/// Gives an empty database its empty log.
pub(crate) fn head_ensure(connection: &mut AnyConnection, empty_root: Hash) -> Result<(), Error> {
    connection.run(
        "INSERT INTO audit_head (log, size, frontier, root) VALUES (?, 0, ?, ?) ON CONFLICT (log) DO NOTHING",
        &[Bind::Text(LOG), Bind::Bytes(&[]), Bind::Bytes(empty_root.as_bytes())],
    )?;
    Ok(())
}

/// Moves the head from `old` to `new`; the compare-and-swap that keeps two writers from forking the log.
pub(crate) fn head_move(
    connection: &mut AnyConnection,
    old: u64,
    new: &Head,
    frontier: &[u8],
) -> Result<(), Error> {
    let touched = connection.run(
        "UPDATE audit_head SET size = ?, frontier = ?, root = ? WHERE log = ? AND size = ?",
        &[
            Bind::Int(signed(new.size)?),
            Bind::Bytes(frontier),
            Bind::Bytes(new.root.as_bytes()),
            Bind::Text(LOG),
            Bind::Int(signed(old)?),
        ],
    )?;
    if touched == 1 { Ok(()) } else { Err(Error::Corrupt("another writer moved the head under its lock")) }
}

/// Appends entries from index `first` on.
pub(crate) fn entries_append(
    connection: &mut AnyConnection,
    first: u64,
    entries: &[&EntryRow],
) -> Result<(), Error> {
    let first = signed(first)?;
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
pub(crate) fn tiles_put(connection: &mut AnyConnection, tiles: &[FullTile]) -> Result<(), Error> {
    for tile in tiles {
        connection.run(
            "INSERT INTO audit_tile (level, n, hashes) VALUES (?, ?, ?)",
            &[Bind::Int(i64::from(tile.level)), Bind::Int(signed(tile.index)?), Bind::Bytes(&tile.hashes)],
        )?;
    }
    Ok(())
}

/// Reads the tree's nodes from the tables, on whatever transaction the connection is in.
pub(crate) struct StoredNodes<'a>(pub(crate) std::cell::RefCell<&'a mut AnyConnection>);

impl Nodes for StoredNodes<'_> {
    type Error = Error;

    fn full_tile(&self, level: u8, index: u64) -> Result<Vec<u8>, Error> {
        self.0
            .borrow_mut()
            .rows::<(Binary,), (Vec<u8>,)>(
                "SELECT hashes FROM audit_tile WHERE level = ? AND n = ?",
                &[Bind::Int(i64::from(level)), Bind::Int(signed(index)?)],
            )?
            .pop()
            .map(|(hashes,)| hashes)
            .ok_or(Error::Corrupt("a tile of the log is missing"))
    }

    fn leaf_hashes(&self, range: std::ops::Range<u64>) -> Result<Vec<Hash>, Error> {
        self.0
            .borrow_mut()
            .rows::<(Binary,), (Vec<u8>,)>(
                "SELECT leaf_hash FROM audit_leaf WHERE idx >= ? AND idx < ? ORDER BY idx",
                &[Bind::Int(signed(range.start)?), Bind::Int(signed(range.end)?)],
            )?
            .iter()
            .map(|(bytes,)| hash(bytes))
            .collect()
    }
}

impl Snapshot<'_> {
    /// The head of the log as this snapshot sees it.
    pub(crate) fn log_head(&mut self) -> Result<Head, Error> {
        let row = self
            .connection
            .rows::<(BigInt, Binary), (i64, Vec<u8>)>(
                "SELECT size, root FROM audit_head WHERE log = ?",
                &[Bind::Text(LOG)],
            )?
            .pop();
        let (size, root) = row.ok_or(Error::Corrupt("the log has no head"))?;
        Ok(Head { size: unsigned(size)?, root: hash(&root)? })
    }

    /// The tree's nodes.
    pub(crate) fn log_nodes(&mut self) -> StoredNodes<'_> {
        StoredNodes(std::cell::RefCell::new(self.connection))
    }

    /// The leaves of a range, in order.
    pub(crate) fn log_leaves(&mut self, from: u64, limit: i64) -> Result<Vec<Vec<u8>>, Error> {
        Ok(self
            .connection
            .rows::<(Binary,), (Vec<u8>,)>(
                "SELECT leaf FROM audit_leaf WHERE idx >= ? ORDER BY idx LIMIT ?",
                &[Bind::Int(signed(from)?), Bind::Int(limit)],
            )?
            .into_iter()
            .map(|(leaf,)| leaf)
            .collect())
    }

    /// The position of an entry, by its id.
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

    /// Entries after a position, newest last; all of them, or those under a token.
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
                Ok(StoredEntry { idx: unsigned(idx)?, leaf, private })
            })
            .collect()
    }
}
