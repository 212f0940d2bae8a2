//! Opening entries of the log: their fields decrypted, and checked against what their leaves commit to.

use std::collections::BTreeMap;

use super::entry_part::{part_bound, part_cipher};
use super::head::HeldLog;
use super::log::StoredEntry;
use super::log_number::LogNumber;
use super::{Error, Snapshot};
use crate::crypto::DataKey;
use crate::ledger::entry::{Commitments, DecodedPart, Field, Leaf, Part};

/// An entry with the fields behind it, as far as their keys still exist.
pub struct OpenedEntry {
    /// Its position among the entries of all logs of the database.
    pub position: u64,
    /// Its place in its own log.
    pub index: u64,
    /// What it shows.
    pub leaf: Leaf,
    /// The very bytes that are in the tree.
    pub leaf_bytes: Vec<u8>,
    /// What opens its fields; without the person's part where that was erased, `None` where nothing is left.
    pub commitments: Option<Commitments>,
    /// Whether the person's part is among them.
    pub has_person: bool,
    /// The entry that recorded the erasure of the person's part, where it was erased.
    pub erased_by: Option<ErasedBy>,
}

/// The entry that recorded an erasure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ErasedBy {
    /// Its place in its log.
    pub index: u64,
    /// The name of its log, where that is another one than the erased entry's.
    pub log: Option<String>,
}

impl OpenedEntry {
    /// A field's plaintext; empty if absent or erased.
    pub(crate) fn get(&self, field: Field) -> &str {
        self.commitments.as_ref().map_or("", |commitments| commitments.fields().get(field))
    }
}

/// Reads the leaf of an entry.
pub(crate) fn parse_leaf(leaf: &[u8]) -> Result<Leaf, Error> {
    Leaf::parse(leaf).map_err(|_| Error::Corrupt("a leaf of the log does not parse"))
}

/// Opens entries one after the other, and fetches each data key once.
#[derive(Default)]
pub(crate) struct EntryOpener {
    keys: BTreeMap<Vec<u8>, Option<DataKey>>,
    /// The logs of the database, once they were asked for.
    logs: Vec<HeldLog>,
}

impl EntryOpener {
    /// Opens an entry.
    ///
    /// # Errors
    /// When the database fails, a key does not fit, or the fields are not those that the leaf commits to.
    pub(crate) fn open(&mut self, tx: &mut Snapshot<'_>, stored: StoredEntry) -> Result<OpenedEntry, Error> {
        let leaf = parse_leaf(&stored.leaf)?;
        let (mut commitments, mut has_person) = (None, false);
        if let Some(private) = &stored.private {
            let rest = self.part(tx, &leaf, Part::Rest, &private.rest_key, &private.rest_part)?;
            let person = self.part(tx, &leaf, Part::Person, &private.person_key, &private.person_part)?;
            has_person = person.is_some();
            commitments = rest
                .map(|rest| Commitments::restore(&rest, person.as_ref()))
                .transpose()
                .map_err(|_| Error::Corrupt("an entry's fields are in the wrong part"))?;
        }
        if commitments.as_ref().is_some_and(|commitments| commitments.root() != leaf.details) {
            return Err(Error::Corrupt("an entry's fields are not what its leaf commits to"));
        }
        let (log, index) = LogNumber::of(stored.position);
        let erased_by = stored.private.and_then(|private| private.erased_by).map(LogNumber::of);
        let erased_by = match erased_by {
            Some((by, index)) => Some(ErasedBy { index, log: self.name_unless(tx, by, log)? }),
            None => None,
        };
        Ok(OpenedEntry {
            position: stored.position,
            index,
            leaf,
            leaf_bytes: stored.leaf,
            commitments,
            has_person,
            erased_by,
        })
    }

    /// The name of a log, unless it is this one.
    fn name_unless(
        &mut self,
        tx: &mut Snapshot<'_>,
        log: LogNumber,
        this: LogNumber,
    ) -> Result<Option<String>, Error> {
        if log == this {
            return Ok(None);
        }
        if self.logs.is_empty() {
            self.logs = tx.logs()?;
        }
        Ok(self.logs.iter().find(|held| held.number == log).map(|held| held.origin.clone()))
    }

    /// One part; `None` where its key was erased.
    fn part(
        &mut self,
        tx: &mut Snapshot<'_>,
        leaf: &Leaf,
        part: Part,
        key: &[u8],
        envelope: &[u8],
    ) -> Result<Option<DecodedPart>, Error> {
        if !self.keys.contains_key(key) {
            let held = tx.data_key_by_id(key)?;
            self.keys.insert(key.to_vec(), held);
        }
        let Some(Some(key)) = self.keys.get(key) else {
            return Ok(None);
        };
        let plain = part_cipher(key, leaf.id)?.open(&part_bound(part, leaf.id), envelope)?;
        DecodedPart::decode(part, &plain)
            .map(Some)
            .map_err(|_| Error::Corrupt("an entry's fields do not parse"))
    }
}
