//! Data keys: one for each person and custodian agency, so that one agency's erasure takes nobody else's record with it.
//!
//! What is about no known person, and what is about workers and reasons, is under service keys that no erasure touches.

use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{Binary, Text};
use ring::rand::{SecureRandom as _, SystemRandom};

use super::backend::{AnyConnection, Bind};
use super::schema::data_key;
use super::{Error, Snapshot, id_bytes};
use crate::crypto::{DataKey, KeyRing, Unreadable};
use crate::id::{AgencyId, PersonId};

/// The id of a data key.
pub type KeyId = [u8; 16];

/// A data key with its id.
#[derive(Debug, Clone)]
pub struct HeldKey {
    /// Its id, as rows cite it.
    pub id: KeyId,
    /// The key.
    pub key: Arc<DataKey>,
}

/// A data key that a row of a snapshot came with.
pub(super) struct SeenKey {
    owner: Vec<u8>,
    custodian: String,
    held: HeldKey,
}

/// The columns of `data_key` as a row brings them along.
#[derive(Clone)]
pub(super) struct KeyColumns {
    pub(super) id: Vec<u8>,
    pub(super) owner: Vec<u8>,
    pub(super) custodian: String,
    pub(super) kek: String,
    pub(super) wrapped: Vec<u8>,
}

/// A data key as it is stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = data_key, treat_none_as_default_value = false)]
pub struct DataKeyRow {
    pub(crate) id: Vec<u8>,
    pub(crate) owner: Vec<u8>,
    pub(crate) custodian: String,
    pub(crate) kek: String,
    pub(crate) wrapped: Vec<u8>,
}

/// What the service keys are for. Each has its own, so that each can have its own retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ServiceKey {
    /// The log's fields about workers and reasons.
    AuditRest,
    /// The log's fields about a person, in entries about nobody known.
    AuditNobody,
    /// The directory of agencies.
    Directory,
    /// The counts that agencies handed in.
    Scorecards,
}

impl ServiceKey {
    pub(super) const fn custodian(self) -> &'static str {
        match self {
            Self::AuditRest => "service/audit-rest",
            Self::AuditNobody => "service/audit-nobody",
            Self::Directory => "service/directory",
            Self::Scorecards => "service/scorecards",
        }
    }
}

pub(super) const NOBODY: [u8; 16] = [0; 16];

pub(super) fn owner(person: &[u8], custodian: &str) -> Vec<u8> {
    [person, b"/", custodian.as_bytes()].concat()
}

/// Makes a new data key for a person at a custodian, and the row that keeps it.
pub(crate) fn generate(
    keys: &KeyRing,
    person: PersonId,
    custodian: &AgencyId,
) -> Result<(HeldKey, DataKeyRow), Error> {
    generate_for(keys, person.as_bytes(), custodian.as_str())
}

fn generate_for(keys: &KeyRing, person: &[u8; 16], custodian: &str) -> Result<(HeldKey, DataKeyRow), Error> {
    let mut id = [0; 16];
    SystemRandom::new().fill(&mut id).map_err(|_| Unreadable)?;
    let key = DataKey::generate()?;
    let wrapped = keys.wrap(&owner(person, custodian), &key)?;
    let row = DataKeyRow {
        id: id.to_vec(),
        owner: person.to_vec(),
        custodian: custodian.to_owned(),
        kek: wrapped.kek,
        wrapped: wrapped.wrapped,
    };
    Ok((HeldKey { id, key: Arc::new(key) }, row))
}

/// The key of a row that was read together with its `data_key` columns.
pub(crate) fn unwrap_row(
    keys: &KeyRing,
    person: &[u8],
    custodian: &str,
    kek: &str,
    wrapped: &[u8],
) -> Result<DataKey, Error> {
    Ok(keys.unwrap_key(&owner(person, custodian), kek, wrapped)?)
}

fn find(
    connection: &mut AnyConnection,
    keys: &KeyRing,
    person: &[u8; 16],
    custodian: &str,
) -> Result<Option<HeldKey>, Error> {
    let row = connection
        .rows::<(Binary, Text, Binary), (Vec<u8>, String, Vec<u8>)>(
            "SELECT id, kek, wrapped FROM data_key WHERE owner = ? AND custodian = ?",
            &[Bind::Bytes(person), Bind::Text(custodian)],
        )?
        .pop();
    row.map(|(id, kek, wrapped)| {
        Ok(HeldKey {
            id: id_bytes(&id)?,
            key: Arc::new(unwrap_row(keys, person, custodian, &kek, &wrapped)?),
        })
    })
    .transpose()
}

/// The service key, made when it is first needed. Two processes that make it at once end with the same one.
pub(crate) fn service_key(
    connection: &mut AnyConnection,
    keys: &KeyRing,
    which: ServiceKey,
) -> Result<HeldKey, Error> {
    if let Some(held) = find(connection, keys, &NOBODY, which.custodian())? {
        return Ok(held);
    }
    let (_, row) = generate_for(keys, &NOBODY, which.custodian())?;
    connection.run(
        "INSERT INTO data_key (id, owner, custodian, kek, wrapped) VALUES (?, ?, ?, ?, ?) \
         ON CONFLICT (owner, custodian) DO NOTHING",
        &[
            Bind::Bytes(&row.id),
            Bind::Bytes(&row.owner),
            Bind::Text(&row.custodian),
            Bind::Text(&row.kek),
            Bind::Bytes(&row.wrapped),
        ],
    )?;
    find(connection, keys, &NOBODY, which.custodian())?.ok_or(Error::Corrupt("a service key vanished"))
}

impl Snapshot<'_> {
    /// The data key of a person at a custodian, where there is one.
    ///
    /// # Errors
    /// When the database fails or the key ring lacks the key-encryption key.
    pub fn data_key(&mut self, person: PersonId, custodian: &AgencyId) -> Result<Option<HeldKey>, Error> {
        let seen = self
            .held
            .iter()
            .find(|seen| seen.owner == person.as_bytes() && seen.custodian == custodian.as_str());
        match seen {
            Some(seen) => Ok(Some(seen.held.clone())),
            None => find(self.connection, self.keys, person.as_bytes(), custodian.as_str()),
        }
    }

    /// The same, looked up whether or not it was seen: a refusal costs the same whatever was read before it.
    ///
    /// # Errors
    /// When the database fails, or the key does not open.
    pub fn data_key_afresh(
        &mut self,
        person: PersonId,
        custodian: &AgencyId,
    ) -> Result<Option<HeldKey>, Error> {
        find(self.connection, self.keys, person.as_bytes(), custodian.as_str())
    }

    /// The key that a row came with, unwrapped once a snapshot.
    pub(super) fn key_of_row(&mut self, columns: &KeyColumns) -> Result<Arc<DataKey>, Error> {
        let KeyColumns { id, owner, custodian, kek, wrapped } = columns;
        let id = id_bytes(id)?;
        if let Some(seen) = self.held.iter().find(|seen| seen.held.id == id) {
            return Ok(seen.held.key.clone());
        }
        let key = Arc::new(unwrap_row(self.keys, owner, custodian, kek, wrapped)?);
        let (owner, custodian) = (owner.clone(), custodian.clone());
        self.held.push(SeenKey { owner, custodian, held: HeldKey { id, key: key.clone() } });
        Ok(key)
    }

    /// The key with this id, whoever's it is.
    pub(crate) fn data_key_by_id(&mut self, id: &[u8]) -> Result<Option<DataKey>, Error> {
        let row = self
            .connection
            .rows::<(Binary, Text, Text, Binary), (Vec<u8>, String, String, Vec<u8>)>(
                "SELECT owner, custodian, kek, wrapped FROM data_key WHERE id = ?",
                &[Bind::Bytes(id)],
            )?
            .pop();
        row.map(|(owner, custodian, kek, wrapped)| unwrap_row(self.keys, &owner, &custodian, &kek, &wrapped))
            .transpose()
    }
}
