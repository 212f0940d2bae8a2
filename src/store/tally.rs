//! Walking through what an agency has of a kind, a page at a time, to count it: no more of it is held at once than a page.

use diesel::sql_types::{BigInt, Binary};
use serde::de::DeserializeOwned;

use super::backend::Bind;
use super::handle::handle_bytes;
use super::record::{
    BODY, Document, Kind, RecordColumns, RecordValues, Segments, StoredVersion, VersionColumns,
    VersionValues, document, version_columns,
};
use super::{Error, Snapshot};
use crate::id::{AgencyId, Handle};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::vocabulary::{Segment, SegmentSet};

/// How many records are held at once.
const PAGE: i64 = 200;

/// What is walked through.
#[derive(Debug, Clone, Copy)]
pub struct Walk<'w> {
    /// Whose names for records are followed: its own, and those of what it received.
    pub agency: &'w AgencyId,
    /// Records of this kind.
    pub kind: Kind,
    /// Which of them.
    pub whose: Whose,
    /// Only what was written on since this moment, in microseconds since the epoch.
    pub since_us: i64,
}

/// Whose records an agency has names for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whose {
    /// Its own.
    Own,
    /// Those that others hold, and that came to it.
    Received,
    /// Both.
    Any,
}

/// The place in a walk after a record: when the agency came to know of it, and what it calls it.
pub type WalkPlace = (i64, Handle);

/// Before the first record.
pub const BEGINNING: WalkPlace = (i64::MIN, Handle::from_bytes([0; 16]));

/// One page of a walk, closed, and the place after it where there may be more.
pub type WalkPage<T> = (Sealed<Vec<T>>, Option<WalkPlace>);

/// The statement of a page, which follows the index of an agency's handles.
pub const WALK: &str = concat!(
    "SELECT r.id, r.kind, ",
    version_columns!(),
    ", h.handle, h.created_us FROM handle h JOIN record r ON r.id = h.target JOIN record_version v ON v.record = r.id \
     JOIN data_key d ON d.id = v.data_key WHERE h.agency = ? AND h.kind = ? \
     AND (h.created_us > ? OR (h.created_us = ? AND h.handle > ?)) \
     AND v.version = (SELECT max(version) FROM record_version WHERE record = r.id) AND v.recorded_us >= ? \
     AND CASE WHEN r.custodian = ? THEN CAST(? AS BIGINT) ELSE CAST(? AS BIGINT) END = 1 \
     ORDER BY h.created_us, h.handle LIMIT ?"
);

impl Snapshot<'_> {
    /// The next documents of a walk, each at its latest version.
    ///
    /// # Errors
    /// When the database fails.
    pub fn walk_documents<A: Action, T: DeserializeOwned>(
        &mut self,
        permit: &Permit<A>,
        walk: Walk<'_>,
        after: WalkPlace,
    ) -> Result<WalkPage<Document<T>>, Error> {
        let (stored, next) = self.walk(walk, after)?;
        let mut documents = Vec::with_capacity(stored.len());
        for stored in &stored {
            let body = self.decrypt(stored, |name| name == BODY)?.pop();
            documents.push(document(body.ok_or(Error::Corrupt("a record has no body"))?)?);
        }
        Ok((Sealed::new(permit, documents), next))
    }

    /// The next records of a walk that fall into segments, of each the wanted ones at its latest version.
    ///
    /// # Errors
    /// When the database fails.
    pub fn walk_segments<A: Action, H: DeserializeOwned>(
        &mut self,
        permit: &Permit<A>,
        walk: Walk<'_>,
        after: WalkPlace,
        wanted: SegmentSet,
    ) -> Result<WalkPage<Segments<H>>, Error> {
        let (stored, next) = self.walk(walk, after)?;
        let is_wanted = |name: &str| {
            name == BODY || name.parse::<Segment>().is_ok_and(|segment| wanted.contains(segment))
        };
        let mut records = Vec::with_capacity(stored.len());
        for stored in &stored {
            records.push(Segments::of_parts(self.decrypt(stored, is_wanted)?, SegmentSet::EMPTY)?);
        }
        Ok((Sealed::new(permit, records), next))
    }

    fn walk(
        &mut self,
        walk: Walk<'_>,
        (after_us, after): WalkPlace,
    ) -> Result<(Vec<StoredVersion>, Option<WalkPlace>), Error> {
        // What was counted is let go of, with the keys that it came with.
        self.held.clear();
        let is = |yes: bool| Bind::Int(i64::from(yes));
        let rows = self.connection.rows::<
            (RecordColumns, VersionColumns, Binary, BigInt),
            (RecordValues, VersionValues, Vec<u8>, i64),
        >(
            WALK,
            &[
                Bind::Text(walk.agency.as_str()),
                Bind::Text(walk.kind.code()),
                Bind::Int(after_us),
                Bind::Int(after_us),
                Bind::Bytes(after.as_bytes()),
                Bind::Int(walk.since_us),
                Bind::Text(walk.agency.as_str()),
                is(walk.whose != Whose::Received),
                is(walk.whose != Whose::Own),
                Bind::Int(PAGE),
            ],
        )?;
        let is_full = i64::try_from(rows.len()) == Ok(PAGE);
        let mut next = None;
        let mut stored = Vec::with_capacity(rows.len());
        for (record, version, handle, created_us) in rows {
            next = Some((created_us, handle_bytes(&handle)?));
            stored.push(StoredVersion::from_row(record, version)?);
        }
        Ok((stored, next.filter(|_| is_full)))
    }
}
