//! The account of disclosures: the entries of the log about a person, those in which one agency is a party or all of them.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use diesel::sql_types::{BigInt, Text};
use jiff::Timestamp;

use super::backend::Bind;
use super::entry_open::{EntryOpener, OpenedEntry};
use super::entry_part::{party_token, person_token};
use super::identity::{Cluster, kin};
use super::keys::KeyId;
use super::{Error, Snapshot};
use crate::crypto::Token;
use crate::domain::deferral::model::{Act, DeferralRecord};
use crate::domain::safeguarding::model::ConcernRecord;
use crate::id::{AgencyId, PersonId};
use crate::journal::sealed::Sealed;
use crate::ledger::entry::Field;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::vocabulary::{
    Art6, Confidentiality, EntryKind, Outcome, Purpose, Role, Segment, SegmentSet, Visibility,
};

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
    /// The role of the worker who asked.
    pub role: Option<Role>,
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
    /// Whether it is about holding something back from the person.
    pub about_deferral: bool,
    /// Whether no deferral, and no concern of which it is unsafe to tell the person, holds it back at this moment.
    pub is_visible: bool,
}

/// Whose account is read, for whom, and when.
#[derive(Debug, Clone, Copy)]
pub struct AccountOf<'a> {
    /// The person.
    pub person: PersonId,
    /// The agency that reads it.
    pub reader: &'a AgencyId,
    /// Which entries there are in it.
    pub extent: Extent,
    /// The moment at which deferrals are in force or over.
    pub now: Timestamp,
}

/// Which entries there are in an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Those to which the reader is a party.
    Party,
    /// All about the person, whoever holds it.
    Whole,
}

/// What of an entry is told, to somebody who knows of these silent segments already: `None` if it is not told at all.
pub type Told<C> = fn(AccountEntry, SegmentSet, &C) -> Option<AccountEntry>;

/// A page of an account.
pub struct AccountPage {
    /// Its entries, oldest first.
    pub entries: Sealed<Vec<AccountEntry>>,
    /// Where the next page begins; `None` after the last.
    pub next: Option<u64>,
}

/// What an account is made with, beside the entries themselves.
struct Beside {
    /// Since when each custodian has held each segment about the person, in microseconds since the epoch.
    held: HeldSince,
    deferrals: Vec<(AgencyId, DeferralRecord)>,
    concerns: Vec<ConcernRecord>,
    now: Timestamp,
}

type HeldSince = BTreeMap<AgencyId, BTreeMap<Segment, i64>>;

impl Snapshot<'_> {
    /// A page of an account from a position on. `told` says which entries count, and what of them; a page is filled with
    /// those, so that a short one does not tell that something was left out.
    ///
    /// # Errors
    /// When the database fails, or the log holds what the gateway never writes.
    pub fn account_read<A: Action, C>(
        &mut self,
        permit: &Permit<A>,
        of: &AccountOf<'_>,
        (from, limit): (u64, usize),
        context: &C,
        told: Told<C>,
    ) -> Result<AccountPage, Error> {
        let beside = Beside {
            held: self.segments_held_since(of.person)?,
            deferrals: self.deferrals_of_person(of.person)?,
            concerns: self.concerns_of_person(of.person)?,
            now: of.now,
        };
        let cluster = self.cluster_of(of.person)?;
        let (tokens, known): (Vec<Token>, _) = match of.extent {
            Extent::Party => (
                cluster.persons().map(|person| party_token(self.keys, person, of.reader)).collect(),
                SegmentSet::EMPTY,
            ),
            Extent::Whole => (
                cluster.persons().map(|person| person_token(self.keys, person)).collect(),
                self.silent_known(of, &cluster, &beside)?,
            ),
        };
        let (mut entries, mut next) = (Vec::new(), None);
        self.account_walk(&tokens, &beside, (from, &[]), |index, entry| {
            let Some(entry) = told(entry, known, context) else {
                return ControlFlow::Continue(());
            };
            if entries.len() == limit {
                next = Some(index);
                return ControlFlow::Break(());
            }
            entries.push(entry);
            ControlFlow::Continue(())
        })?;
        Ok(AccountPage { entries: Sealed::new(permit, entries), next })
    }

    /// The silent segments of which the reader holds something about the person, or received something. All that it ever
    /// asked of others is looked through, so that the time which this takes says nothing of what others hold.
    fn silent_known(
        &mut self,
        of: &AccountOf<'_>,
        cluster: &Cluster,
        beside: &Beside,
    ) -> Result<SegmentSet, Error> {
        let held = beside.held.get(of.reader);
        let mut known: SegmentSet = held.into_iter().flat_map(BTreeMap::keys).copied().collect();
        if beside.concerns.iter().any(|concern| concern.may_be_told_at(of.reader, of.now)) {
            known = known.with(Segment::Safeguarding);
        }
        let tokens: Vec<Token> =
            cluster.persons().map(|person| party_token(self.keys, person, of.reader)).collect();
        // What is under the reader's own keys for the person is about its own records.
        let mut own = Vec::new();
        for person in cluster.persons() {
            own.extend(self.data_key(person, of.reader)?.map(|held| held.id));
        }
        self.account_walk(&tokens, beside, (0, &own), |_, entry| {
            let received = entry.asker == *of.reader
                && entry.kind == EntryKind::Disclosure
                && entry.outcome == Outcome::Permitted;
            if received {
                known = known.union(entry.released);
            }
            ControlFlow::Continue(())
        })?;
        Ok(known.intersection(SegmentSet::silent()))
    }

    /// The entries under these tokens from a position on, but for those about a person under one of these keys, in the order of
    /// the log, until `visit` has enough.
    fn account_walk(
        &mut self,
        tokens: &[Token],
        beside: &Beside,
        (mut from, without): (u64, &[KeyId]),
        mut visit: impl FnMut(u64, AccountEntry) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let mut opener = EntryOpener::default();
        loop {
            let chunk = self.log_entries_of(tokens, from, CHUNK)?;
            let Some(last) = chunk.last() else {
                return Ok(());
            };
            from = last.position.saturating_add(1);
            for stored in chunk {
                let key = stored.private.as_ref().map(|private| private.person_key.as_slice());
                if without.iter().any(|without| key == Some(without.as_slice())) {
                    continue;
                }
                let opened = opener.open(self, stored)?;
                if opened.commitments.is_none() {
                    continue;
                }
                if visit(opened.position, beside.entry(&opened)?).is_break() {
                    return Ok(());
                }
            }
        }
    }

    /// That an agency told a concern shows in no other line of it than those about the concern itself, so concerns do not count.
    fn segments_held_since(&mut self, person: PersonId) -> Result<HeldSince, Error> {
        let rows = self.connection.rows::<(Text, Text, BigInt), (String, String, i64)>(
            concat!(
                "SELECT r.custodian, v.parts, v.recorded_us FROM record r JOIN record_version v ON v.record = r.id \
                 WHERE r.kind <> 'concern' AND r.person IN ",
                kin!(),
                " ORDER BY v.recorded_us"
            ),
            &[Bind::Bytes(person.as_bytes()), Bind::Bytes(person.as_bytes())],
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

impl Beside {
    fn entry(&self, opened: &OpenedEntry) -> Result<AccountEntry, Error> {
        let malformed = |_| Error::Corrupt("a field of the log is malformed");
        let asker: AgencyId = opened.get(Field::Agency).parse().map_err(malformed)?;
        let custodian = match opened.get(Field::Custodian) {
            "" => None,
            id => Some(id.parse::<AgencyId>().map_err(malformed)?),
        };
        let (recorded_at, purpose) = (opened.leaf.ts, code(opened, Field::Purpose)?);
        let about_deferral = code(opened, Field::Visibility)? == Some(Visibility::WithDeferrals);
        let act = Act { purpose, recorded_at, about_deferral };
        let is_deferred =
            self.deferrals.iter().any(|(of, deferral)| *of == asker && deferral.holds_back(&act, self.now));
        let is_untold =
            self.concerns.iter().any(|concern| concern.keeps_back(&asker, (purpose, recorded_at), self.now));
        Ok(AccountEntry {
            recorded_at,
            kind: opened.leaf.kind,
            outcome: opened.leaf.outcome,
            asker,
            role: code(opened, Field::Role)?,
            released: self.released(opened, (custodian.as_ref(), purpose), recorded_at)?,
            custodian,
            purpose,
            confidentiality: code(opened, Field::Confidentiality)?,
            art6: code(opened, Field::Art6)?,
            about_deferral,
            is_visible: !(is_deferred || is_untold),
        })
    }

    /// What was released. Policy permits silent segments whether or not there is anything in them; here only those count of
    /// which the custodian held something by then, so that nothing is read out of a list that was never more than a permission.
    fn released(
        &self,
        opened: &OpenedEntry,
        (custodian, purpose): (Option<&AgencyId>, Option<Purpose>),
        recorded_at: Timestamp,
    ) -> Result<SegmentSet, Error> {
        // The leaf's time is cut to the millisecond.
        let until_us = recorded_at.as_microsecond().saturating_add(999);
        let held = custodian.and_then(|id| self.held.get(id));
        let in_records =
            |segment| held.and_then(|held| held.get(&segment)).is_some_and(|since| *since <= until_us);
        let in_concern = |segment| {
            let told = |concern: &ConcernRecord| {
                custodian == Some(&concern.raised_by.0) && concern.at.as_microsecond() <= until_us
            };
            (segment, purpose) == (Segment::Safeguarding, Some(Purpose::Safeguarding))
                && self.concerns.iter().any(told)
        };
        let mut released = SegmentSet::EMPTY;
        for listed in opened.get(Field::SegmentsReleased).lines() {
            let segment: Segment =
                listed.parse().map_err(|_| Error::Corrupt("a segment of the log is unknown"))?;
            if !segment.is_silent() || in_records(segment) || in_concern(segment) {
                released = released.with(segment);
            }
        }
        Ok(released)
    }
}

/// A field that holds a code; `None` if it is absent.
fn code<C: std::str::FromStr>(opened: &OpenedEntry, field: Field) -> Result<Option<C>, Error> {
    match opened.get(field) {
        "" => Ok(None),
        text => text.parse().map(Some).map_err(|_| Error::Corrupt("a code of the log is unknown")),
    }
}
