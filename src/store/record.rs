//! Records: versioned, encrypted part by part, append-only. A part is a segment, or the body of a document.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::backend::Bind;
use super::keys::KeyColumns;
use super::schema::{record, record_part};
use super::{Error, Snapshot, id_bytes};
use crate::crypto::Bound;
use crate::id::{AgencyId, EntryId, Handle, PersonId, RecordId};
use crate::journal::sealed::{Sealed, Version};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::vocabulary::{Segment, SegmentSet};

crate::code_list! {
    /// What a record is.
    pub enum Kind {
        /// An agency's own view of a client.
        Client = "client",
        Consent = "consent",
        Dir = "dir",
        Activity = "activity",
        Referral = "referral",
        Episode = "episode",
        Check = "check",
    }
}

/// The part of a record that is no segment: the whole of a document, the head of a DIR.
pub const BODY: &str = "body";

/// A record as it is stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = record)]
pub struct RecordRow {
    pub(crate) id: Vec<u8>,
    pub(crate) kind: String,
    pub(crate) person: Vec<u8>,
    pub(crate) custodian: String,
    pub(crate) created_us: i64,
}

/// A part of one version of a record as it is stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = record_part)]
pub struct PartRow {
    pub(crate) record: Vec<u8>,
    pub(crate) version: i64,
    pub(crate) part: String,
    pub(crate) entry_id: Vec<u8>,
    pub(crate) recorded_us: i64,
    pub(crate) data_key: Vec<u8>,
    pub(crate) envelope: Vec<u8>,
}

/// A document at its latest version.
pub struct Document<T> {
    /// The record.
    pub record: RecordId,
    /// Its version, from 1.
    pub version: i64,
    /// When that version was recorded, in microseconds since the epoch.
    pub recorded_us: i64,
    /// The agency that holds it.
    pub custodian: AgencyId,
    /// What it says.
    pub value: T,
}

/// Documents, each with the handle that its reader has for it.
pub type ByHandle<T> = Vec<(Handle, Document<T>)>;

/// The segments of a record at its latest version, as far as they were permitted.
pub struct Segments<H> {
    /// The record.
    pub record: RecordId,
    /// Its version, from 1.
    pub version: i64,
    /// When that version was recorded, in microseconds since the epoch.
    pub recorded_us: i64,
    /// The part that is no segment.
    pub head: H,
    /// The JSON of each permitted segment that has data.
    pub segments: BTreeMap<Segment, Zeroizing<Vec<u8>>>,
    /// The listed segments that policy withheld.
    pub withheld: SegmentSet,
}

/// One decrypted part.
pub(crate) struct Part {
    pub(crate) record: RecordId,
    pub(crate) version: i64,
    pub(crate) name: String,
    /// The kind of its record, where it was asked for.
    pub(crate) kind: Option<Kind>,
    pub(crate) recorded_us: i64,
    pub(crate) custodian: AgencyId,
    pub(crate) plain: Zeroizing<Vec<u8>>,
}

/// The primary key of a part, for its envelope's binding.
pub(crate) fn part_bound<'a>(row: &'a [&'a [u8]; 3], entry: EntryId) -> Bound<'a> {
    Bound { table: "record_part", row, column: "envelope", entry }
}

type PartColumns = (Binary, BigInt, Text, Text, Binary, BigInt, Binary, Binary, Binary, Text, Text, Binary);
type PartValues =
    (Vec<u8>, i64, String, String, Vec<u8>, i64, Vec<u8>, Vec<u8>, Vec<u8>, String, String, Vec<u8>);

const LATEST_PARTS: &str = "SELECT p.record, p.version, p.part, '', p.entry_id, p.recorded_us, p.envelope, \
     k.id, k.owner, k.custodian, k.kek, k.wrapped FROM record_part p JOIN data_key k ON k.id = p.data_key \
     WHERE p.record = ? AND p.version = (SELECT max(version) FROM record_part WHERE record = ?)";

/// `?` and `?`: one kind, or two that are wanted together.
const LATEST_OF_PERSON: &str = "SELECT p.record, p.version, p.part, r.kind, p.entry_id, p.recorded_us, p.envelope, \
     k.id, k.owner, k.custodian, k.kek, k.wrapped FROM record r JOIN record_part p ON p.record = r.id \
     JOIN data_key k ON k.id = p.data_key WHERE r.person = ? AND r.kind IN (?, ?) AND p.part = 'body' \
     AND p.version = (SELECT max(version) FROM record_part WHERE record = r.id) ORDER BY r.created_us, r.id";

impl Snapshot<'_> {
    /// The latest version's parts that `wanted` names, decrypted.
    pub(super) fn parts(&mut self, id: RecordId, wanted: impl Fn(&str) -> bool) -> Result<Vec<Part>, Error> {
        let bytes = id.as_bytes();
        let rows = self
            .connection
            .rows::<PartColumns, PartValues>(LATEST_PARTS, &[Bind::Bytes(bytes), Bind::Bytes(bytes)])?;
        self.decrypt(rows.into_iter().filter(|row| wanted(&row.2)))
    }

    /// The body of a record's latest version. For facts.
    pub(crate) fn body(&mut self, id: RecordId) -> Result<Option<Part>, Error> {
        Ok(self.parts(id, |name| name == BODY)?.pop())
    }

    /// The body of the latest version of each of a person's records of a kind. For facts and for the rules of the field.
    pub(crate) fn bodies_of_person(&mut self, person: PersonId, kind: Kind) -> Result<Vec<Part>, Error> {
        self.bodies_of_kinds(person, kind, kind)
    }

    /// The same for two kinds at once, each part with its kind.
    pub(crate) fn bodies_of_kinds(
        &mut self,
        person: PersonId,
        one: Kind,
        other: Kind,
    ) -> Result<Vec<Part>, Error> {
        let rows = self.connection.rows::<PartColumns, PartValues>(
            LATEST_OF_PERSON,
            &[Bind::Bytes(person.as_bytes()), Bind::Text(one.code()), Bind::Text(other.code())],
        )?;
        self.decrypt(rows.into_iter())
    }

    fn decrypt(&mut self, rows: impl Iterator<Item = PartValues>) -> Result<Vec<Part>, Error> {
        rows.map(|row| {
            let (
                record,
                version,
                name,
                kind,
                entry,
                recorded_us,
                envelope,
                id,
                owner,
                custodian,
                kek,
                wrapped,
            ) = row;
            let holder = custodian.parse().map_err(|_| Error::Corrupt("a custodian's id is malformed"))?;
            let key = self.key_of_row(KeyColumns { id, owner, custodian, kek, wrapped })?;
            let entry = EntryId::from_bytes(id_bytes(&entry)?);
            let row: [&[u8]; 3] = [&record, &version.to_be_bytes(), name.as_bytes()];
            let plain = key.open(&part_bound(&row, entry), &envelope)?;
            Ok(Part {
                record: RecordId::from_bytes(id_bytes(&record)?),
                version,
                recorded_us,
                custodian: holder,
                kind: kind.parse().ok(),
                name,
                plain,
            })
        })
        .collect()
    }

    /// The kind, person and custodian of a record.
    pub(crate) fn record_custodian(&mut self, id: RecordId) -> Result<Option<AgencyId>, Error> {
        let row = self
            .connection
            .rows::<(Text,), (String,)>(
                "SELECT custodian FROM record WHERE id = ?",
                &[Bind::Bytes(id.as_bytes())],
            )?
            .pop();
        row.map(|(custodian,)| custodian.parse().map_err(|_| Error::Corrupt("a custodian's id is malformed")))
            .transpose()
    }

    /// An agency's one record of a kind about a person: its view of the client.
    ///
    /// # Errors
    /// When the database fails.
    pub fn record_of_agency(
        &mut self,
        agency: &AgencyId,
        kind: Kind,
        person: PersonId,
    ) -> Result<Option<RecordId>, Error> {
        let row = self
            .connection
            .rows::<(Binary,), (Vec<u8>,)>(
                "SELECT id FROM record WHERE person = ? AND kind = ? AND custodian = ?",
                &[Bind::Bytes(person.as_bytes()), Bind::Text(kind.code()), Bind::Text(agency.as_str())],
            )?
            .pop();
        row.map(|(id,)| Ok(RecordId::from_bytes(id_bytes(&id)?))).transpose()
    }

    /// The latest version number of a record; 0 when it has none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn latest_version(&mut self, record: RecordId) -> Result<i64, Error> {
        Ok(record_part::table
            .filter(record_part::record.eq(record.as_bytes().as_slice()))
            .select(diesel::dsl::max(record_part::version))
            .first::<Option<i64>>(self.connection)?
            .unwrap_or(0))
    }

    /// The strong `ETag` of a version of a record for one reader: keyed, so that it tells nothing.
    pub fn etag(&self, reader: &AgencyId, record: RecordId, version: i64) -> String {
        let token = self
            .keys
            .index()
            .token("etag", &[reader.as_str().as_bytes(), record.as_bytes(), &version.to_be_bytes()]);
        format!("\"{}\"", crate::id::Handle::from_bytes(token))
    }

    fn version(&self, reader: &AgencyId, record: RecordId, version: i64) -> Version {
        Version { etag: self.etag(reader, record, version), label: Some(format!("{record}/{version}")) }
    }

    /// A document at its latest version, with its `ETag` for this reader.
    ///
    /// # Errors
    /// When the database fails, or the record has no version.
    pub fn document_read<A: Action, T: DeserializeOwned>(
        &mut self,
        permit: &Permit<A>,
        reader: &AgencyId,
        record: RecordId,
    ) -> Result<Sealed<Document<T>>, Error> {
        let part = self
            .parts(record, |name| name == BODY)?
            .pop()
            .ok_or(Error::Corrupt("a record has no version"))?;
        let version = self.version(reader, record, part.version);
        Ok(Sealed::new(permit, document(part)?).at_version(version))
    }

    /// The permitted segments of a record at its latest version, with its `ETag` for this reader. Only what is permitted
    /// is decrypted.
    ///
    /// # Errors
    /// When the database fails, or the record has no version.
    pub fn segments_read<A: Action, H: DeserializeOwned>(
        &mut self,
        permit: &Permit<A>,
        reader: &AgencyId,
        record: RecordId,
        permitted: SegmentSet,
    ) -> Result<Sealed<Segments<H>>, Error> {
        let parts = self.parts(record, |name| {
            name == BODY || name.parse::<Segment>().is_ok_and(|segment| permitted.contains(segment))
        })?;
        let mut head = None;
        let mut segments = BTreeMap::new();
        for part in parts {
            match part.name.parse::<Segment>() {
                Ok(segment) => {
                    segments.insert(segment, part.plain);
                }
                Err(_) => head = Some(document::<H>(part)?),
            }
        }
        let head = head.ok_or(Error::Corrupt("a record has no version"))?;
        let version = self.version(reader, record, head.version);
        let segments = Segments {
            record,
            version: head.version,
            recorded_us: head.recorded_us,
            head: head.value,
            segments,
            withheld: permit.withheld(),
        };
        Ok(Sealed::new(permit, segments).at_version(version))
    }

    /// What stands for an agency's record of a person before it has written one: no segment, at version 0.
    pub fn segments_unwritten<A: Action, H>(
        &self,
        permit: &Permit<A>,
        reader: &AgencyId,
        person: PersonId,
        head: H,
    ) -> Sealed<Segments<H>> {
        let record = RecordId::from_bytes(*person.as_bytes());
        let segments = Segments {
            record,
            version: 0,
            recorded_us: 0,
            head,
            segments: BTreeMap::new(),
            withheld: permit.withheld(),
        };
        Sealed::new(permit, segments).at_version(Version { etag: self.etag(reader, record, 0), label: None })
    }

    /// Everything of a record's latest version, to be written again by [`super::change::Changes`] and by nothing else.
    pub(super) fn parts_to_carry(&mut self, record: RecordId) -> Result<Vec<Part>, Error> {
        self.parts(record, |_| true)
    }
}

/// Reads a body as the document it is.
pub(crate) fn document<T: DeserializeOwned>(part: Part) -> Result<Document<T>, Error> {
    Ok(Document {
        record: part.record,
        version: part.version,
        recorded_us: part.recorded_us,
        custodian: part.custodian,
        value: serde_json::from_slice(&part.plain)
            .map_err(|_| Error::Corrupt("a document does not parse"))?,
    })
}
