//! Which records of a person there are, and at which version: enough to write the next one, and nothing of what they say.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};

use super::backend::Bind;
use super::identity::kin;
use super::record::Kind;
use super::schema::record_version;
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
    /// The latest version number of a record; 0 when it has none.
    ///
    /// # Errors
    /// When the database fails.
    pub fn latest_version(&mut self, record: RecordId) -> Result<i64, Error> {
        Ok(record_version::table
            .filter(record_version::record.eq(record.as_bytes().as_slice()))
            .select(diesel::dsl::max(record_version::version))
            .first::<Option<i64>>(self.connection)?
            .unwrap_or(0))
    }

    /// The version after the latest one of a record. A record that is there stays about whom it was about when it was made,
    /// whoever that is one with; a new one is about `person`.
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
        let known = self
            .connection
            .rows::<(Binary, BigInt), (Vec<u8>, i64)>(
                "SELECT r.person, max(v.version) FROM record r JOIN record_version v ON v.record = r.id \
                 WHERE r.id = ? GROUP BY r.person",
                &[Bind::Bytes(record.as_bytes())],
            )?
            .pop();
        let (person, latest) = match known {
            Some((person, latest)) => (PersonId::from_bytes(id_bytes(&person)?), latest),
            None => (person, 0),
        };
        let version = latest.saturating_add(1);
        Ok(NewVersion { record, kind, person, custodian: custodian.clone(), version })
    }

    /// An agency's record of this very person as its client: what it wrote under one reference.
    ///
    /// # Errors
    /// When the database fails.
    pub fn client_record(&mut self, agency: &AgencyId, person: PersonId) -> Result<Option<RecordId>, Error> {
        let row = self
            .connection
            .rows::<(Binary,), (Vec<u8>,)>(
                "SELECT id FROM record WHERE person = ? AND kind = 'client' AND custodian = ?",
                &[Bind::Bytes(person.as_bytes()), Bind::Text(agency.as_str())],
            )?
            .pop();
        row.map(|(id,)| Ok(RecordId::from_bytes(id_bytes(&id)?))).transpose()
    }

    /// What an agency knows of somebody as its client: its record of this very person, or, where it has none, of whoever is one with that
    /// person.
    ///
    /// # Errors
    /// When the database fails.
    pub fn client_known(&mut self, agency: &AgencyId, person: PersonId) -> Result<Option<RecordId>, Error> {
        Ok(self.client_written(agency, person)?.map(|(record, _)| record))
    }

    /// The same, with the very person of whom it wrote that.
    ///
    /// # Errors
    /// When the database fails.
    pub fn client_written(
        &mut self,
        agency: &AgencyId,
        person: PersonId,
    ) -> Result<Option<(RecordId, PersonId)>, Error> {
        Ok(self.clients_written(agency, person)?.into_iter().next())
    }

    /// All that an agency knows of somebody as its client: its record of this very person first, and those of whoever is one with that
    /// person. What stands in any of them counts where a rule protects her.
    ///
    /// # Errors
    /// When the database fails.
    pub fn clients_known(&mut self, agency: &AgencyId, person: PersonId) -> Result<Vec<RecordId>, Error> {
        Ok(self.clients_written(agency, person)?.into_iter().map(|(record, _)| record).collect())
    }

    fn clients_written(
        &mut self,
        agency: &AgencyId,
        person: PersonId,
    ) -> Result<Vec<(RecordId, PersonId)>, Error> {
        let id = Bind::Bytes(person.as_bytes());
        let rows = self.connection.rows::<(Binary, Binary), (Vec<u8>, Vec<u8>)>(
            concat!(
                "SELECT id, person FROM record WHERE kind = 'client' AND custodian = ? AND person IN ",
                kin!(),
                " ORDER BY CASE WHEN person = ? THEN 0 ELSE 1 END, created_us, id"
            ),
            &[Bind::Text(agency.as_str()), id, id, id],
        )?;
        let each = rows.into_iter().map(|(record, person)| {
            Ok((RecordId::from_bytes(id_bytes(&record)?), PersonId::from_bytes(id_bytes(&person)?)))
        });
        each.collect()
    }

    /// A person's records of a kind, oldest first, whoever is one with that person included.
    ///
    /// # Errors
    /// When the database fails.
    pub fn versions_of_person(&mut self, person: PersonId, kind: Kind) -> Result<Vec<HeldVersion>, Error> {
        let rows = self.connection.rows::<(Binary, Binary, Text, BigInt), (Vec<u8>, Vec<u8>, String, i64)>(
            concat!(
                "SELECT r.id, r.person, r.custodian, max(v.version) FROM record r \
                     JOIN record_version v ON v.record = r.id WHERE r.kind = ? AND r.person IN ",
                kin!(),
                " GROUP BY r.id, r.person, r.custodian, r.created_us ORDER BY r.created_us, r.id"
            ),
            &[Bind::Text(kind.code()), Bind::Bytes(person.as_bytes()), Bind::Bytes(person.as_bytes())],
        )?;
        rows.into_iter()
            .map(|(record, person, custodian, version)| {
                Ok(HeldVersion {
                    record: RecordId::from_bytes(id_bytes(&record)?),
                    kind,
                    person: PersonId::from_bytes(id_bytes(&person)?),
                    custodian: custodian
                        .parse()
                        .map_err(|_| Error::Corrupt("a custodian's id is malformed"))?,
                    version,
                })
            })
            .collect()
    }
}
