//! Which records of a person there are, and at which version: enough to write the next one, and nothing of what they say.

use diesel::sql_types::{BigInt, Binary, Text};

use super::backend::Bind;
use super::record::Kind;
use super::{Error, Snapshot, id_bytes};
use crate::id::{AgencyId, PersonId, RecordId};

/// A version of a record that a change writes.
#[derive(Debug, Clone)]
pub struct NewVersion {
    /// The record.
    pub record: RecordId,
    /// What it is.
    pub kind: Kind,
    /// The person that it is about.
    pub person: PersonId,
    /// The agency that holds it.
    pub custodian: AgencyId,
    /// 1 for a new record.
    pub version: i64,
}

impl NewVersion {
    /// The first version of a new record.
    pub fn first(kind: Kind, person: PersonId, custodian: &AgencyId) -> Self {
        Self { record: RecordId::random(), kind, person, custodian: custodian.clone(), version: 1 }
    }
}

/// A record of a person at its latest version.
#[derive(Debug, Clone)]
pub struct HeldVersion {
    /// The record.
    pub record: RecordId,
    /// What it is.
    pub kind: Kind,
    /// The person that it is about.
    pub person: PersonId,
    /// The agency that holds it.
    pub custodian: AgencyId,
    /// Its latest version, from 1.
    pub version: i64,
}

impl HeldVersion {
    /// The version to write next.
    pub fn next(&self) -> NewVersion {
        NewVersion {
            record: self.record,
            kind: self.kind,
            person: self.person,
            custodian: self.custodian.clone(),
            version: self.version.saturating_add(1),
        }
    }
}

impl Snapshot<'_> {
    /// The version after the latest one of a record.
    ///
    /// # Errors
    /// When the database fails.
    pub fn next_version(
        &mut self,
        record: RecordId,
        kind: Kind,
        person: PersonId,
        custodian: &AgencyId,
    ) -> Result<NewVersion, Error> {
        let version = self.latest_version(record)?.saturating_add(1);
        Ok(NewVersion { record, kind, person, custodian: custodian.clone(), version })
    }

    /// A person's records of a kind, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn versions_of_person(&mut self, person: PersonId, kind: Kind) -> Result<Vec<HeldVersion>, Error> {
        let rows = self
            .connection
            .rows::<(Binary, Text, BigInt), (Vec<u8>, String, i64)>(
                "SELECT r.id, r.custodian, max(v.version) FROM record r JOIN record_version v ON v.record = r.id \
                 WHERE r.person = ? AND r.kind = ? GROUP BY r.id, r.custodian, r.created_us ORDER BY r.created_us, r.id",
                &[Bind::Bytes(person.as_bytes()), Bind::Text(kind.code())],
            )?;
        rows.into_iter()
            .map(|(record, custodian, version)| {
                Ok(HeldVersion {
                    record: RecordId::from_bytes(id_bytes(&record)?),
                    kind,
                    person,
                    custodian: custodian
                        .parse()
                        .map_err(|_| Error::Corrupt("a custodian's id is malformed"))?,
                    version,
                })
            })
            .collect()
    }
}
