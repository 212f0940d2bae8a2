//! Records: versioned, encrypted part by part, append-only. A part is a segment, or the body of a document.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};
use serde::de::DeserializeOwned;
use zeroize::Zeroizing;

use super::backend::Bind;
use super::identity::kin;
use super::keys::KeyColumns;
pub use super::kind::Kind;
use super::parts::{part_bound, split};
use super::schema::record;
use super::{Error, Snapshot, id_bytes};
use crate::id::{AgencyId, EntryId, Handle, PersonId, RecordId};
use crate::journal::sealed::{Sealed, Version};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::vocabulary::{Segment, SegmentSet};

/// The part of a record that is no segment: the whole of a document, the head of a DIR.
pub const BODY: &str = "body";

/// A record as it is stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = record, treat_none_as_default_value = false)]
pub struct RecordRow {
    pub(crate) id: Vec<u8>,
    pub(crate) kind: String,
    pub(crate) person: Vec<u8>,
    pub(crate) custodian: String,
    pub(crate) created_us: i64,
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

impl<H> Segments<H> {
    /// What a segment says, where it was permitted and says anything.
    ///
    /// # Errors
    /// If it is not what the caller takes it for.
    pub fn part<T: DeserializeOwned>(&self, segment: Segment) -> Result<Option<T>, Error> {
        let json = self.segments.get(&segment);
        json.map(|json| serde_json::from_slice(json).map_err(|_| Error::Corrupt("a segment does not parse")))
            .transpose()
    }
}

impl<H: DeserializeOwned> Segments<H> {
    /// The parts of one record, put together.
    pub(super) fn of_parts(parts: Vec<Part>, withheld: SegmentSet) -> Result<Self, Error> {
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
        let Document { record, version, recorded_us, value: head, .. } =
            head.ok_or(Error::Corrupt("a record has no body"))?;
        Ok(Self { record, version, recorded_us, head, segments, withheld })
    }
}

/// One decrypted part.
pub(crate) struct Part {
    pub(crate) record: RecordId,
    pub(crate) version: i64,
    pub(crate) name: String,
    pub(crate) recorded_us: i64,
    pub(crate) custodian: AgencyId,
    pub(crate) plain: Zeroizing<Vec<u8>>,
}

/// A version as it is stored, encrypted, with the wrapped key that opens it.
#[derive(Clone)]
pub(super) struct StoredVersion {
    pub(super) record: RecordId,
    pub(super) kind: Kind,
    version: i64,
    entry: EntryId,
    recorded_us: i64,
    parts: String,
    envelopes: Vec<u8>,
    key: KeyColumns,
}

pub(super) type RecordColumns = (Binary, Text);
pub(super) type RecordValues = (Vec<u8>, String);
pub(super) type VersionColumns = (BigInt, Binary, BigInt, Text, Binary, Binary, Binary, Text, Text, Binary);
pub(super) type VersionValues =
    (i64, Vec<u8>, i64, String, Vec<u8>, Vec<u8>, Vec<u8>, String, String, Vec<u8>);

/// The columns of a version and its key, of the tables `record_version v` and `data_key d`.
macro_rules! version_columns {
    () => {
        "v.version, v.entry_id, v.recorded_us, v.parts, v.envelopes, d.id, d.owner, d.custodian, d.kek, d.wrapped"
    };
}
pub(super) use version_columns;

macro_rules! latest {
    ($($of:expr),+) => {
        concat!(
            "SELECT r.id, r.kind, ",
            version_columns!(),
            " FROM record r JOIN record_version v ON v.record = r.id JOIN data_key d ON d.id = v.data_key WHERE ",
            $($of,)+
            " AND v.version = (SELECT max(version) FROM record_version WHERE record = r.id) ORDER BY r.created_us, r.id"
        )
    };
}

impl StoredVersion {
    /// Whether the agency holds it.
    pub(super) fn is_held_by(&self, agency: &AgencyId) -> bool {
        self.key.custodian == agency.as_str()
    }

    pub(super) fn from_row((record, kind): RecordValues, version: VersionValues) -> Result<Self, Error> {
        let (version, entry, recorded_us, parts, envelopes, id, owner, custodian, kek, wrapped) = version;
        Ok(Self {
            record: RecordId::from_bytes(id_bytes(&record)?),
            kind: kind.parse().map_err(|_| Error::Corrupt("a kind is unknown"))?,
            version,
            entry: EntryId::from_bytes(id_bytes(&entry)?),
            recorded_us,
            parts,
            envelopes,
            key: KeyColumns { id, owner, custodian, kek, wrapped },
        })
    }
}

impl Snapshot<'_> {
    /// The latest version's parts that `wanted` names, decrypted.
    pub(super) fn parts(&mut self, id: RecordId, wanted: impl Fn(&str) -> bool) -> Result<Vec<Part>, Error> {
        let known = self.dossier.as_ref().and_then(|dossier| dossier.version(id)).cloned();
        let stored = match known {
            Some(known) => Some(known),
            None => self.stored(latest!("r.id = ?"), &[Bind::Bytes(id.as_bytes())])?.pop(),
        };
        stored.map_or(Ok(Vec::new()), |stored| self.decrypt(&stored, wanted))
    }

    /// The body of a record's latest version. For facts.
    pub(crate) fn body(&mut self, id: RecordId) -> Result<Option<Part>, Error> {
        Ok(self.parts(id, |name| name == BODY)?.pop())
    }

    /// The body of the latest version of each of a person's records of a kind, whoever is one with that person included. For facts and for the rules of the field.
    pub(crate) fn bodies_of_person(&mut self, person: PersonId, kind: Kind) -> Result<Vec<Part>, Error> {
        let known = self.dossier.as_ref().and_then(|dossier| dossier.versions(person, kind));
        let stored = match known {
            Some(known) => known,
            None => {
                let id = Bind::Bytes(person.as_bytes());
                self.stored(
                    latest!("r.kind = ? AND r.person IN ", kin!()),
                    &[Bind::Text(kind.code()), id, id],
                )?
            }
        };
        let bodies: Result<Vec<_>, _> =
            stored.iter().map(|stored| self.decrypt(stored, |name| name == BODY)).collect();
        Ok(bodies?.into_iter().flatten().collect())
    }

    pub(super) fn stored(
        &mut self,
        sql: &'static str,
        binds: &[Bind<'_>],
    ) -> Result<Vec<StoredVersion>, Error> {
        self.connection
            .rows::<(RecordColumns, VersionColumns), (RecordValues, VersionValues)>(sql, binds)?
            .into_iter()
            .map(|(record, version)| StoredVersion::from_row(record, version))
            .collect()
    }

    pub(super) fn decrypt(
        &mut self,
        stored: &StoredVersion,
        wanted: impl Fn(&str) -> bool,
    ) -> Result<Vec<Part>, Error> {
        let custodian: AgencyId =
            stored.key.custodian.parse().map_err(|_| Error::Corrupt("a custodian's id is malformed"))?;
        let key = self.key_of_row(&stored.key)?;
        split(&stored.parts, &stored.envelopes)?
            .into_iter()
            .filter(|(name, _)| wanted(name))
            .map(|(name, envelope)| {
                let row: [&[u8]; 3] =
                    [stored.record.as_bytes(), &stored.version.to_be_bytes(), name.as_bytes()];
                Ok(Part {
                    record: stored.record,
                    version: stored.version,
                    recorded_us: stored.recorded_us,
                    custodian: custodian.clone(),
                    name: name.to_owned(),
                    plain: key.open(&part_bound(&row, stored.entry), envelope)?,
                })
            })
            .collect()
    }

    /// Looks for so many records that nobody has: what is refused without being read must cost what is read before it is refused.
    ///
    /// # Errors
    /// When the database fails.
    pub fn look_for_records(&mut self, records: usize) -> Result<(), Error> {
        for _ in 0..records {
            self.body(RecordId::random())?;
        }
        Ok(())
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
        let segments = Segments::of_parts(parts, permit.withheld())?;
        let version = self.version(reader, record, segments.version);
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
