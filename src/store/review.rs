//! What an agency asked in a stretch of time, and whether anything came of it: for who reviews its use.

use diesel::sql_types::{BigInt, Binary};
use serde::de::DeserializeOwned;

use super::backend::Bind;
use super::handle::handle_bytes;
use super::record::{
    BODY, Document, Kind, RecordColumns, RecordValues, StoredVersion, VersionColumns, VersionValues,
    document, version_columns,
};
use super::{Error, Snapshot};
use crate::id::{AgencyId, Handle};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;

/// A record that an agency made, and whether it went on with the person afterwards.
pub struct Made<T> {
    /// What the agency calls it.
    pub handle: Handle,
    /// Whether the agency wrote of the person on its caseload, in a DIR, a referral, a consent, an activity, a script or an assessment in
    /// the time after. What becomes of a flag is no contact: others bring it about.
    pub led_to_contact: bool,
    /// The record at its latest version.
    pub document: Document<T>,
}

/// A stretch of time, in microseconds since the epoch.
#[derive(Debug, Clone, Copy)]
pub struct Stretch {
    /// From this moment on.
    pub from_us: i64,
    /// Until before this one.
    pub until_us: i64,
}

const MADE: &str = concat!(
    "SELECT r.id, r.kind, ",
    version_columns!(),
    ", h.handle, CAST(CASE WHEN EXISTS (SELECT 1 FROM record o JOIN record_version w ON w.record = o.id \
     WHERE (o.person = r.person OR o.person IN (SELECT k.person FROM person_identity k WHERE k.cluster = \
     (SELECT i.cluster FROM person_identity i WHERE i.person = r.person ORDER BY i.version DESC LIMIT 1) \
     AND k.version = (SELECT max(version) FROM person_identity WHERE person = k.person))) \
     AND o.custodian = r.custodian \
     AND o.kind IN ('episode', 'dir', 'referral', 'consent', 'activity', 'script', 'assessment') \
     AND w.recorded_us >= r.created_us AND w.recorded_us < r.created_us + ?) THEN 1 ELSE 0 END AS BIGINT) \
     FROM handle h JOIN record r ON r.id = h.target JOIN record_version v ON v.record = r.id \
     JOIN data_key d ON d.id = v.data_key \
     WHERE h.agency = ? AND h.kind = ? AND h.created_us >= ? AND h.created_us < ? AND r.custodian = ? \
     AND v.version = (SELECT max(version) FROM record_version WHERE record = r.id) ORDER BY h.created_us, h.handle"
);

impl Snapshot<'_> {
    /// The records of a kind that an agency made in a stretch of time, oldest first, each with whether within `within_us` after
    /// it the agency went on with the person. One statement, whatever their number.
    ///
    /// # Errors
    /// When the database fails.
    pub fn made_by_agency<A: Action, T: DeserializeOwned>(
        &mut self,
        permit: &Permit<A>,
        agency: &AgencyId,
        kind: Kind,
        stretch: Stretch,
        within_us: i64,
    ) -> Result<Sealed<Vec<Made<T>>>, Error> {
        let rows = self.connection.rows::<
            (RecordColumns, VersionColumns, Binary, BigInt),
            (RecordValues, VersionValues, Vec<u8>, i64),
        >(
            MADE,
            &[
                Bind::Int(within_us),
                Bind::Text(agency.as_str()),
                Bind::Text(kind.code()),
                Bind::Int(stretch.from_us),
                Bind::Int(stretch.until_us),
                Bind::Text(agency.as_str()),
            ],
        )?;
        let mut made = Vec::with_capacity(rows.len());
        for (record, version, handle, contact) in rows {
            let stored = StoredVersion::from_row(record, version)?;
            let body = self.decrypt(&stored, |name| name == BODY)?.pop();
            made.push(Made {
                handle: handle_bytes(&handle)?,
                led_to_contact: contact != 0,
                document: document(body.ok_or(Error::Corrupt("a record has no body"))?)?,
            });
        }
        Ok(Sealed::new(permit, made))
    }
}
