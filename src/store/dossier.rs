//! A DIR's dossier: where its handle leads, what a decision on it rests on, and the record itself, from one statement.
//!
//! Reading a DIR is what the gateway does most, and what a database is asked for costs more by the question than by the
//! answer. Everything in the dossier is as encrypted as it is in the tables: facts open the consents and referrals, and only
//! a permit opens the segments.

use diesel::sql_types::{BigInt, Binary, Nullable};

use super::backend::{AnyConnection, Bind};

use super::handle::{
    Followed, FollowedColumns, FollowedValues, follow, followed, handle_bytes, person_scope,
};
use super::identity::join_kin;
use super::record::{
    Kind, RecordColumns, RecordValues, StoredVersion, VersionColumns, VersionValues, version_columns,
};
use super::{Error, Snapshot, epoch, id_bytes};
use crate::crypto::KeyRing;
use crate::id::{AgencyId, Handle, PersonId, RecordId};

/// Whose dossier is asked for: that of the DIR which an agency calls so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    pub(super) agency: AgencyId,
    pub(super) handle: Handle,
}

/// What came with the facts about a DIR.
#[derive(Clone)]
pub(super) struct Dossier {
    asked: Asked,
    followed: Followed,
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

macro_rules! dossiers {
    ($store:ident, $from:literal) => {
        follow!(
            $store,
            $from,
            "'dir'",
            concat!(", q.place, r.id, r.kind, mine.handle, theirs.handle, ", version_columns!()),
            " LEFT JOIN record r ON r.person = coalesce(k.person, h.person) AND r.kind IN ('dir', 'consent', 'referral') \
             LEFT JOIN handle mine ON mine.agency = h.agency AND mine.kind = r.kind AND mine.target = r.id \
             LEFT JOIN handle theirs ON theirs.agency = o.custodian AND theirs.kind = r.kind AND theirs.target = r.id \
             LEFT JOIN record_version v ON v.record = r.id AND (r.kind <> 'dir' OR r.id = h.target) \
             AND v.version = (SELECT max(version) FROM record_version WHERE record = r.id) \
             LEFT JOIN data_key d ON d.id = v.data_key ORDER BY q.place, r.created_us, r.id"
        )
    };
}

/// Of many handles at once.
const DOSSIERS: &str =
    dossiers!(postgresql, "unnest(?::bytea[], ?::text[]) WITH ORDINALITY AS q (handle, agency, place)");
/// Of one: SQLite has no arrays, and no round trips that were worth saving.
const DOSSIER: &str = dossiers!(sqlite, "(SELECT ? AS handle, ? AS agency, 1 AS place) AS q");

type Columns = (
    FollowedColumns,
    BigInt,
    Nullable<RecordColumns>,
    Nullable<Binary>,
    Nullable<Binary>,
    Nullable<VersionColumns>,
);
type Values =
    (FollowedValues, i64, Option<RecordValues>, Option<Vec<u8>>, Option<Vec<u8>>, Option<VersionValues>);

impl Dossier {
    /// The dossiers that are asked for, in their order. One that cannot be read is an error of its own: those who are asked
    /// for beside it must not suffer for it.
    pub(super) fn load(
        connection: &mut AnyConnection,
        keys: &KeyRing,
        asked: &[&Asked],
    ) -> Result<Vec<Result<Self, Error>>, Error> {
        if asked.is_empty() {
            return Ok(Vec::new());
        }
        let (of_directory, of_policy) = (Bind::Bytes(epoch::DIRECTORY), Bind::Bytes(epoch::POLICY));
        let mut rows: Vec<Vec<Values>> = asked.iter().map(|_| Vec::new()).collect();
        if connection.is_postgres() {
            let handles: Vec<&[u8]> = asked.iter().map(|asked| asked.handle.as_bytes().as_slice()).collect();
            let agencies: Vec<&str> = asked.iter().map(|asked| asked.agency.as_str()).collect();
            let binds = [of_directory, of_policy, Bind::BytesArray(&handles), Bind::TextArray(&agencies)];
            for row in connection.rows::<Columns, Values>(DOSSIERS, &binds)? {
                let place = usize::try_from(row.1).ok().and_then(|place| place.checked_sub(1));
                let of_one = place.and_then(|place| rows.get_mut(place));
                of_one.ok_or(Error::Corrupt("a dossier that nobody asked for"))?.push(row);
            }
        } else {
            for (asked, rows) in asked.iter().zip(&mut rows) {
                let (handle, agency) =
                    (Bind::Bytes(asked.handle.as_bytes()), Bind::Text(asked.agency.as_str()));
                *rows = connection
                    .rows::<Columns, Values>(DOSSIER, &[of_directory, of_policy, handle, agency])?;
            }
        }
        Ok(asked
            .iter()
            .zip(rows)
            .map(|(asked, rows)| Self::from_rows(keys, (*asked).clone(), rows))
            .collect())
    }

    fn from_rows(keys: &KeyRing, asked: Asked, rows: Vec<Values>) -> Result<Self, Error> {
        let (mut versions, mut beside, mut follows) = (Vec::new(), Vec::new(), Vec::new());
        for (follow, _, record, readers, custodians, version) in rows {
            follows.push(follow);
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
        let followed = followed(keys, follows)?;
        Ok(Self { asked, followed, versions, beside })
    }

    /// The latest version of a record, if it is in the dossier.
    pub(super) fn version(&self, record: RecordId) -> Option<&StoredVersion> {
        self.versions.iter().find(|version| version.record == record)
    }

    /// The latest versions of all the person's records of a kind, oldest first; `None` where the dossier does not have them.
    /// That of a handle which leads nowhere says of everybody that there are none: the next questions are saved there too.
    pub(super) fn versions(&self, person: PersonId, kind: Kind) -> Option<Vec<StoredVersion>> {
        let is_about_them = self.followed.found.is_none_or(|found| found.person == person);
        let has_them = is_about_them && matches!(kind, Kind::Consent | Kind::Referral);
        has_them.then(|| self.versions.iter().filter(|version| version.kind == kind).cloned().collect())
    }
}

impl Snapshot<'_> {
    /// Follows the handle of a DIR, and keeps its dossier for the rest of the snapshot.
    pub(super) fn dossier_follow(&mut self, agency: &AgencyId, handle: Handle) -> Result<Followed, Error> {
        let asked = Asked { agency: agency.clone(), handle };
        if self.dossier.as_ref().is_none_or(|dossier| dossier.asked != asked) {
            self.dossier = Dossier::load(self.connection, self.keys, &[&asked])?.pop().transpose()?;
        }
        let dossier = self.dossier.as_ref().ok_or(Error::Corrupt("a dossier was not answered"))?;
        Ok(dossier.followed.clone())
    }

    /// What the reader and the custodian of the DIR that the facts are about call the person's consents, referrals and DIRs.
    pub fn dossier_handles(&self) -> &[Beside] {
        self.dossier.as_ref().map_or(&[], |dossier| &dossier.beside)
    }
}
