//! A DIR's dossier: where its handle leads, what a decision on it rests on, and the record itself, from one statement.
//!
//! Reading a DIR is what the gateway does most, and what a database is asked for costs more by the question than by the
//! answer. Everything in the dossier is as encrypted as it is in the tables: facts open the consents and referrals, and only
//! a permit opens the segments.

use diesel::sql_types::{Binary, Nullable};

use super::handle::{
    Followed, FollowedColumns, FollowedValues, follow, follow_binds, followed, handle_bytes,
};
use super::record::{
    Kind, RecordColumns, RecordValues, StoredVersion, VersionColumns, VersionValues, version_columns,
};
use super::{Error, Snapshot, id_bytes};
use crate::id::{AgencyId, Handle, PersonId, RecordId};

/// What came with the facts about a DIR.
pub(super) struct Dossier {
    /// `None` where the handle leads nowhere: then the dossier is about whoever is asked for, and says nothing.
    person: Option<PersonId>,
    versions: Vec<StoredVersion>,
    beside: Vec<Beside>,
}

/// What two agencies call one record of the person: a consent, a referral, or one of the DIRs.
#[derive(Debug, Clone, Copy)]
pub struct Beside {
    /// The record.
    pub record: RecordId,
    /// What it is.
    pub kind: Kind,
    /// The reader's handle, if the reader knows of it.
    pub readers: Option<Handle>,
    /// The handle of the custodian of the DIR, if that agency knows of it.
    pub custodians: Option<Handle>,
}

impl Dossier {
    /// The latest version of a record, if it is in the dossier.
    pub(super) fn version(&self, record: RecordId) -> Option<&StoredVersion> {
        self.versions.iter().find(|version| version.record == record)
    }

    /// The latest versions of all the person's records of a kind, oldest first; `None` where the dossier does not have them.
    pub(super) fn versions(&self, person: PersonId, kind: Kind) -> Option<Vec<StoredVersion>> {
        let has_them =
            self.person.is_none_or(|own| own == person) && matches!(kind, Kind::Consent | Kind::Referral);
        has_them.then(|| self.versions.iter().filter(|version| version.kind == kind).cloned().collect())
    }
}

const DOSSIER: [&str; 2] = follow!(
    concat!(", r.id, r.kind, mine.handle, theirs.handle, ", version_columns!()),
    " LEFT JOIN record r ON r.person = h.person AND r.kind IN ('dir', 'consent', 'referral') \
      LEFT JOIN handle mine ON mine.agency = h.agency AND mine.kind = r.kind AND mine.target = r.id \
      LEFT JOIN handle theirs ON theirs.agency = o.custodian AND theirs.kind = r.kind AND theirs.target = r.id \
      LEFT JOIN record_version v ON v.record = r.id AND (r.kind <> 'dir' OR r.id = h.target) \
      AND v.version = (SELECT max(version) FROM record_version WHERE record = r.id) \
      LEFT JOIN data_key k ON k.id = v.data_key ORDER BY r.created_us, r.id"
);

type DossierColumns =
    (FollowedColumns, Nullable<RecordColumns>, Nullable<Binary>, Nullable<Binary>, Nullable<VersionColumns>);
type DossierValues =
    (FollowedValues, Option<RecordValues>, Option<Vec<u8>>, Option<Vec<u8>>, Option<VersionValues>);

impl Snapshot<'_> {
    /// Follows the handle of a DIR, and keeps its dossier for the rest of the snapshot.
    pub(super) fn dossier_load(&mut self, agency: &AgencyId, handle: Handle) -> Result<Followed, Error> {
        let sql = self.connection.either(DOSSIER);
        let rows = self
            .connection
            .rows::<DossierColumns, DossierValues>(sql, &follow_binds(agency, Kind::Dir, &handle))?;
        let (mut versions, mut beside, mut first) = (Vec::new(), Vec::new(), None);
        for (follow, record, readers, custodians, version) in rows {
            first.get_or_insert(follow);
            let Some(record) = record else { continue };
            beside.push(Beside {
                record: RecordId::from_bytes(id_bytes(&record.0)?),
                kind: record.1.parse().map_err(|_| Error::Corrupt("a kind is unknown"))?,
                readers: readers.as_deref().map(handle_bytes).transpose()?,
                custodians: custodians.as_deref().map(handle_bytes).transpose()?,
            });
            if let Some(version) = version {
                versions.push(StoredVersion::from_row(record, version)?);
            }
        }
        let followed = followed(first.ok_or(Error::Corrupt("a statement that always has a row had none"))?)?;
        let person = followed.found.map(|found| found.person);
        self.dossier = Some(Dossier { person, versions, beside });
        Ok(followed)
    }

    /// What the reader and the custodian of the DIR that the facts are about call the person's consents, referrals and DIRs.
    pub fn dossier_handles(&self) -> &[Beside] {
        self.dossier.as_ref().map_or(&[], |dossier| &dossier.beside)
    }
}
