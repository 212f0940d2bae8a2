//! The parts of a version in its one row: their names, and their envelopes beside them in the same order.

use diesel::prelude::*;
use jiff::Timestamp;

use super::Error;
use super::change::NewVersion;
use super::keys::KeyId;
use super::schema::record_version;
use crate::crypto::Bound;
use crate::id::EntryId;

/// A version of a record as it is stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = record_version, treat_none_as_default_value = false)]
pub struct VersionRow {
    record: Vec<u8>,
    version: i64,
    entry_id: Vec<u8>,
    recorded_us: i64,
    data_key: Vec<u8>,
    /// The names, separated by spaces.
    parts: String,
    /// For each name the length of its envelope (four bytes, big-endian) and the envelope.
    envelopes: Vec<u8>,
}

impl VersionRow {
    /// A version without any part.
    pub(super) fn new(version: &NewVersion, entry: EntryId, recorded: Timestamp, data_key: KeyId) -> Self {
        Self {
            record: version.record.as_bytes().to_vec(),
            version: version.version,
            entry_id: entry.as_bytes().to_vec(),
            recorded_us: recorded.as_microsecond(),
            data_key: data_key.to_vec(),
            parts: String::new(),
            envelopes: Vec::new(),
        }
    }

    /// Adds a part.
    pub(super) fn push(&mut self, name: &str, envelope: &[u8]) -> Result<(), Error> {
        let length =
            u32::try_from(envelope.len()).map_err(|_| Error::Corrupt("an envelope is longer than 4 GiB"))?;
        if !self.parts.is_empty() {
            self.parts.push(' ');
        }
        self.parts.push_str(name);
        self.envelopes.extend_from_slice(&length.to_be_bytes());
        self.envelopes.extend_from_slice(envelope);
        Ok(())
    }
}

/// What the envelope of a part is bound to: the record, the version and the name of the part. (The table and the column are
/// called as they were when each part had a row to itself.)
pub(super) fn part_bound<'a>(row: &'a [&'a [u8]; 3], entry: EntryId) -> Bound<'a> {
    Bound { table: "record_part", row, column: "envelope", entry }
}

/// The names and envelopes of a row.
///
/// # Errors
/// When there are not as many envelopes as names, or the last of them is cut off.
pub(super) fn split<'a>(parts: &'a str, envelopes: &'a [u8]) -> Result<Vec<(&'a str, &'a [u8])>, Error> {
    const MISSHAPEN: Error = Error::Corrupt("the parts of a version do not fit its envelopes");
    let mut rest = envelopes;
    let found = parts
        .split(' ')
        .map(|name| {
            let (length, after) = rest.split_first_chunk().ok_or(MISSHAPEN)?;
            let length = usize::try_from(u32::from_be_bytes(*length)).map_err(|_| MISSHAPEN)?;
            let (envelope, after) = after.split_at_checked(length).ok_or(MISSHAPEN)?;
            rest = after;
            Ok((name, envelope))
        })
        .collect::<Result<_, Error>>()?;
    if rest.is_empty() { Ok(found) } else { Err(MISSHAPEN) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::id::{PersonId, RecordId};
    use crate::store::record::Kind;

    fn row(parts: &[(String, Vec<u8>)]) -> VersionRow {
        let version = NewVersion {
            record: RecordId::random(),
            kind: Kind::Dir,
            person: PersonId::random(),
            custodian: "northmoor-cjit".parse().unwrap(),
            version: 1,
        };
        let mut row = VersionRow::new(&version, EntryId::from_bytes([7; 16]), Timestamp::UNIX_EPOCH, [1; 16]);
        for (name, envelope) in parts {
            row.push(name, envelope).unwrap();
        }
        row
    }

    proptest! {
        #[test]
        fn parts_come_back_as_they_went_in(
            parts in proptest::collection::vec(("[a-z-]{1,20}", proptest::collection::vec(any::<u8>(), 0..300)), 1..20),
        ) {
            let row = row(&parts);
            let found: Vec<(String, Vec<u8>)> = split(&row.parts, &row.envelopes)
                .unwrap()
                .into_iter()
                .map(|(name, envelope)| (name.to_owned(), envelope.to_vec()))
                .collect();
            prop_assert_eq!(found, parts);
        }

        #[test]
        fn a_row_that_was_cut_or_grew_is_refused(cut in 1_usize..40, grown in proptest::collection::vec(any::<u8>(), 1..9)) {
            let row = row(&[("body".into(), vec![1; 20]), ("identity".into(), vec![2; 12])]);
            let cut = row.envelopes.get(..row.envelopes.len() - cut).unwrap();
            prop_assert!(split(&row.parts, cut).is_err());
            prop_assert!(split(&row.parts, &[row.envelopes.clone(), grown].concat()).is_err());
            prop_assert!(split("body", &row.envelopes).is_err());
        }
    }
}
