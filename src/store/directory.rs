//! The directory of agencies: append-only versions, encrypted, since whom to trust is a fact that decides.

use std::sync::Arc;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};

use super::keys::{HeldKey, ServiceKey};
use super::schema::agency_version;
use super::{Error, Snapshot, epoch, id_bytes};
use crate::crypto::Bound;
use crate::directory::{Agency, Directory};
use crate::id::{AgencyId, EntryId};

/// A version of an agency as it is stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = agency_version, treat_none_as_default_value = false)]
pub struct AgencyRow {
    pub(crate) agency: String,
    pub(crate) version: i64,
    pub(crate) entry_id: Vec<u8>,
    pub(crate) envelope: Vec<u8>,
}

fn bound<'a>(row: &'a [&'a [u8]; 2], entry: EntryId) -> Bound<'a> {
    Bound { table: "agency_version", row, column: "envelope", entry }
}

/// An agency, encrypted for its row.
pub(super) fn encrypt(
    tx: &mut Snapshot<'_>,
    agency: &Agency,
    version: i64,
    entry: EntryId,
) -> Result<AgencyRow, Error> {
    let plain = serde_json::to_vec(agency).map_err(|_| Error::Corrupt("an agency does not serialise"))?;
    let row: [&[u8]; 2] = [agency.id.as_str().as_bytes(), &version.to_be_bytes()];
    let envelope = directory_key(tx)?.key.seal(&bound(&row, entry), &plain)?;
    Ok(AgencyRow {
        agency: agency.id.as_str().to_owned(),
        version,
        entry_id: entry.as_bytes().to_vec(),
        envelope,
    })
}

fn directory(epoch: i64, agencies: Vec<Agency>) -> Result<Arc<Directory>, Error> {
    Directory::new(epoch, agencies)
        .map(Arc::new)
        .map_err(|_| Error::Corrupt("two agencies share an id or a certificate"))
}

fn directory_key(tx: &mut Snapshot<'_>) -> Result<HeldKey, Error> {
    super::keys::service_key(tx.connection, tx.keys, ServiceKey::Directory)
}

impl Snapshot<'_> {
    /// The whole directory as it stands, with its epoch.
    ///
    /// # Errors
    /// When the database fails.
    pub fn directory_read(&mut self) -> Result<Arc<Directory>, Error> {
        let epoch = self.epochs(&[epoch::DIRECTORY])?.pop().map_or(0, |epoch| epoch.value);
        let rows = self.connection.rows::<(Text, BigInt, Binary, Binary), (String, i64, Vec<u8>, Vec<u8>)>(
            "SELECT a.agency, a.version, a.entry_id, a.envelope FROM agency_version a WHERE a.version = \
             (SELECT max(version) FROM agency_version WHERE agency = a.agency) ORDER BY a.agency",
            &[],
        )?;
        if rows.is_empty() {
            return directory(epoch, Vec::new());
        }
        let key = directory_key(self)?.key;
        let agencies = rows
            .into_iter()
            .map(|(agency, version, entry, envelope)| {
                let row: [&[u8]; 2] = [agency.as_bytes(), &version.to_be_bytes()];
                let plain = key.open(&bound(&row, EntryId::from_bytes(id_bytes(&entry)?)), &envelope)?;
                serde_json::from_slice::<Agency>(&plain)
                    .map_err(|_| Error::Corrupt("an agency does not parse"))
            })
            .collect::<Result<Vec<_>, _>>()?;
        directory(epoch, agencies)
    }

    /// The latest version number of an agency; 0 when it is not enrolled.
    ///
    /// # Errors
    /// When the database fails.
    pub fn agency_version(&mut self, agency: &AgencyId) -> Result<i64, Error> {
        Ok(agency_version::table
            .filter(agency_version::agency.eq(agency.as_str()))
            .select(diesel::dsl::max(agency_version::version))
            .first::<Option<i64>>(self.connection)?
            .unwrap_or(0))
    }
}
