//! The account of disclosures: the entries of the log about a person in which one agency is a party.

use std::collections::BTreeMap;

use diesel::sql_types::{BigInt, Text};
use jiff::Timestamp;

use super::backend::Bind;
use super::entry_open::{EntryOpener, OpenedEntry};
use super::entry_part::party_token;
use super::{Error, Snapshot};
use crate::id::{AgencyId, PersonId};
use crate::journal::sealed::Sealed;
use crate::ledger::entry::Field;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::vocabulary::{Art6, Confidentiality, EntryKind, Outcome, Purpose, Segment, SegmentSet};

/// How many entries are read at once.
const CHUNK: i64 = 128;

/// An entry, as far as an account may speak of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountEntry {
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// What it is about.
    pub kind: EntryKind,
    /// How it ended.
    pub outcome: Outcome,
    /// The agency that asked.
    pub asker: AgencyId,
    /// The agency that holds what was asked for.
    pub custodian: Option<AgencyId>,
    /// What for.
    pub purpose: Option<Purpose>,
    /// The segments that were released; a silent one only if there was anything in it.
    pub released: SegmentSet,
    /// Why the duty of confidence allowed it.
    pub confidentiality: Option<Confidentiality>,
    /// The condition of Article 6 UK GDPR.
    pub art6: Option<Art6>,
    /// Whether it may be shown already.
    pub is_visible: bool,
}

/// A page of an account.
pub struct AccountPage {
    /// Its entries, oldest first.
    pub entries: Sealed<Vec<AccountEntry>>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<u64>,
}

/// Since when each custodian has held each segment about the person, in microseconds since the epoch.
type HeldSince = BTreeMap<AgencyId, BTreeMap<Segment, i64>>;

impl Snapshot<'_> {
    /// A page of what the log says about a person in which the agency is a party, from a position on. `shown` says which
    /// entries count; a page is filled with those, so that a short one does not tell that something was left out.
    ///
    /// # Errors
    /// When the database fails, or the log holds what the gateway never writes.
    pub fn account_read<A: Action>(
        &mut self,
        permit: &Permit<A>,
        person: PersonId,
        reader: &AgencyId,
        from: u64,
        limit: usize,
        shown: fn(&AccountEntry, &AgencyId) -> bool,
    ) -> Result<AccountPage, Error> {
        let token = party_token(self.keys, person, reader);
        let held = self.segments_held_since(person)?;
        let mut opener = EntryOpener::default();
        let (mut entries, mut from) = (Vec::new(), from);
        loop {
            let chunk = self.log_entries(Some(&token), from, CHUNK)?;
            let Some(last) = chunk.last() else {
                return Ok(page(permit, entries, None));
            };
            from = last.position.saturating_add(1);
            for stored in chunk {
                let opened = opener.open(self, stored)?;
                if opened.commitments.is_none() {
                    continue;
                }
                let entry = account_entry(&opened, &held)?;
                if !shown(&entry, reader) {
                    continue;
                }
                if entries.len() == limit {
                    return Ok(page(permit, entries, Some(opened.position)));
                }
                entries.push(entry);
            }
        }
    }

    fn segments_held_since(&mut self, person: PersonId) -> Result<HeldSince, Error> {
        let rows = self.connection.rows::<(Text, Text, BigInt), (String, String, i64)>(
            "SELECT r.custodian, v.parts, v.recorded_us FROM record r JOIN record_version v ON v.record = r.id \
             WHERE r.person = ? ORDER BY v.recorded_us",
            &[Bind::Bytes(person.as_bytes())],
        )?;
        let mut held = HeldSince::new();
        for (custodian, parts, since_us) in rows {
            let custodian = custodian.parse().map_err(|_| Error::Corrupt("a custodian's id is malformed"))?;
            let of_custodian = held.entry(custodian).or_default();
            // A part that is no segment is the head of a record.
            for segment in parts.split(' ').filter_map(|part| part.parse().ok()) {
                of_custodian.entry(segment).or_insert(since_us);
            }
        }
        Ok(held)
    }
}

fn page<A: Action>(permit: &Permit<A>, entries: Vec<AccountEntry>, next: Option<u64>) -> AccountPage {
    AccountPage { entries: Sealed::new(permit, entries), next }
}

fn account_entry(opened: &OpenedEntry, held: &HeldSince) -> Result<AccountEntry, Error> {
    let malformed = |_| Error::Corrupt("a field of the log is malformed");
    let custodian = match opened.get(Field::Custodian) {
        "" => None,
        id => Some(id.parse::<AgencyId>().map_err(malformed)?),
    };
    let recorded_at = opened.leaf.ts;
    let released = released(opened, custodian.as_ref().and_then(|id| held.get(id)), recorded_at)?;
    Ok(AccountEntry {
        recorded_at,
        kind: opened.leaf.kind,
        outcome: opened.leaf.outcome,
        asker: opened.get(Field::Agency).parse().map_err(malformed)?,
        custodian,
        purpose: code(opened, Field::Purpose)?,
        released,
        confidentiality: code(opened, Field::Confidentiality)?,
        art6: code(opened, Field::Art6)?,
        is_visible: opened.get(Field::Visibility) == "immediate",
    })
}

/// What was released. Policy permits silent segments whether or not there is anything in them; here only those count of
/// which the custodian held something by then, so that nothing is read out of a list that was never more than a permission.
fn released(
    opened: &OpenedEntry,
    held: Option<&BTreeMap<Segment, i64>>,
    recorded_at: Timestamp,
) -> Result<SegmentSet, Error> {
    // The leaf's time is cut to the millisecond.
    let until_us = recorded_at.as_microsecond().saturating_add(999);
    let mut released = SegmentSet::EMPTY;
    for listed in opened.get(Field::SegmentsReleased).lines() {
        let segment: Segment =
            listed.parse().map_err(|_| Error::Corrupt("a segment of the log is unknown"))?;
        let was_held = || held.and_then(|held| held.get(&segment)).is_some_and(|since| *since <= until_us);
        if !segment.is_silent() || was_held() {
            released = released.with(segment);
        }
    }
    Ok(released)
}

/// A field that holds a code; `None` if it is absent.
fn code<C: std::str::FromStr>(opened: &OpenedEntry, field: Field) -> Result<Option<C>, Error> {
    match opened.get(field) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::Corrupt("a code of the log is unknown")),
    }
}
