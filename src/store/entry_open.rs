//! Opening entries of the log: their fields decrypted, and checked against what their leaves commit to.

use std::collections::BTreeMap;

use super::log::StoredEntry;
use super::{Error, Snapshot};
use crate::crypto::DataKey;
use crate::journal::{part_bound, part_cipher};
use crate::ledger::entry::{Commitments, DecodedPart, Field, Leaf, Part};

/// An entry whose fields were found to be what its leaf commits to.
pub(crate) struct OpenedEntry {
    /// What anybody may see of it.
    pub(crate) leaf: Leaf,
    /// Its fields, and what opens each; those of the person's part are absent where the person was erased.
    pub(crate) commitments: Commitments,
}

impl OpenedEntry {
    /// A field's plaintext; empty if absent.
    pub(crate) fn get(&self, field: Field) -> &str {
        self.commitments.fields().get(field)
    }
}

/// Opens entries one after the other, and fetches each data key once.
#[derive(Default)]
pub(crate) struct EntryOpener {
    keys: BTreeMap<Vec<u8>, Option<DataKey>>,
}

impl EntryOpener {
    /// Opens an entry; `None` where the fields that are not about the person are gone, too.
    ///
    /// # Errors
    /// When the database fails, a key does not fit, or the fields are not those that the leaf commits to.
    pub(crate) fn open(
        &mut self,
        tx: &mut Snapshot<'_>,
        stored: &StoredEntry,
    ) -> Result<Option<OpenedEntry>, Error> {
        let leaf = Leaf::parse(&stored.leaf).map_err(|_| Error::Corrupt("a leaf of the log does not parse"))?;
        let Some(private) = &stored.private else {
            return Ok(None);
        };
        let Some(rest) = self.part(tx, &leaf, Part::Rest, &private.rest_key, &private.rest_part)? else {
            return Ok(None);
        };
        let person = self.part(tx, &leaf, Part::Person, &private.person_key, &private.person_part)?;
        let commitments = Commitments::restore(&rest, person.as_ref())
            .map_err(|_| Error::Corrupt("an entry's fields are in the wrong part"))?;
        if commitments.root() != leaf.details {
            return Err(Error::Corrupt("an entry's fields are not what its leaf commits to"));
        }
        Ok(Some(OpenedEntry { leaf, commitments }))
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
