//! Entries of the log as auditors see them: leaves, found by what they show, and the fields behind them, opened.

use jiff::{SignedDuration, Timestamp};

use super::entry_open::{EntryOpener, parse_leaf};
pub use super::entry_open::{ErasedBy, OpenedEntry};
use super::entry_part::{agency_token, person_token};
use super::head::HeldLog;
use super::log_number::LogNumber;
use super::{Error, Snapshot};
use crate::crypto::Token;
use crate::id::{AgencyId, EntryId, PersonId};
use crate::journal::sealed::Sealed;
use crate::ledger::entry::{Field, Leaf};
use crate::ledger::tree::ReadError;
use crate::ledger::{Hash, proof};
use crate::policy::action::{Action, AuditOpen, AuditRead};
use crate::policy::permit::Permit;
use crate::vocabulary::{EntryKind, Outcome, Purpose};

/// How many entries are read from the database at once.
const CHUNK: i64 = 256;
/// How many entries one request looks through, however few of them it finds.
const LOOKED_THROUGH: u64 = 4_096;
/// How far the times of neighbouring entries may be out of order: batches and replicas are ordered by index, not by time.
const DISORDER: SignedDuration = SignedDuration::from_secs(60);

/// Which entries are asked for.
#[derive(Debug, Clone, Default)]
pub struct EntryFilter {
    /// Recorded at this moment or later.
    pub from: Option<Timestamp>,
    /// Recorded before this moment.
    pub to: Option<Timestamp>,
    /// Of this kind.
    pub kind: Option<EntryKind>,
    /// That ended so.
    pub outcome: Option<Outcome>,
    /// Of requests that this agency made.
    pub agency: Option<AgencyId>,
    /// Of requests for this purpose.
    pub purpose: Option<Purpose>,
    /// About this person, or somebody who is one with that person.
    pub person: Option<PersonId>,
}

impl EntryFilter {
    fn admits(&self, leaf: &Leaf) -> bool {
        self.from.is_none_or(|from| leaf.ts >= from)
            && self.to.is_none_or(|to| leaf.ts < to)
            && self.kind.is_none_or(|kind| leaf.kind == kind)
            && self.outcome.is_none_or(|outcome| leaf.outcome == outcome)
    }

    /// What can be told only of an opened entry.
    fn admits_opened(&self, entry: &OpenedEntry) -> bool {
        self.purpose.is_none_or(|purpose| entry.get(Field::Purpose) == purpose.code())
            && self.agency.as_ref().is_none_or(|agency| entry.get(Field::Agency) == agency.as_str())
    }

    fn is_past(&self, leaf: &Leaf) -> bool {
        self.to.is_some_and(|to| leaf.ts.duration_since(to) > DISORDER)
    }
}

/// Some entries, and where to go on.
pub struct EntryPage {
    /// The entries, in the order of the log.
    pub entries: Vec<OpenedEntry>,
    /// The position, among the entries of all logs, from which the next page is looked for; `None` at the end.
    pub next: Option<u64>,
}

impl Snapshot<'_> {
    /// A page of entries from a position on, opened: those of a closed log before those of the one that came after it.
    ///
    /// # Errors
    /// When the database fails, or an entry is not what its leaf commits to.
    pub fn entries_read<A: Action>(
        &mut self,
        permit: &Permit<A>,
        filter: &EntryFilter,
        from: u64,
        limit: usize,
    ) -> Result<Sealed<EntryPage>, Error> {
        let logs = self.logs()?;
        let tokens: Option<Vec<Token>> = match (filter.person, &filter.agency) {
            (Some(person), _) => {
                let cluster = self.cluster_of(person)?;
                Some(cluster.persons().map(|person| person_token(self.keys, person)).collect())
            }
            (None, Some(agency)) => Some(vec![agency_token(self.keys, agency)]),
            (None, None) => None,
        };
        let mut at = match filter.from {
            Some(moment) => from.max(self.first_near(moment, &logs)?),
            None => from,
        };
        let mut opener = EntryOpener::default();
        let (mut entries, mut seen) = (Vec::new(), 0);
        let page = |entries, next| Ok(Sealed::new(permit, EntryPage { entries, next }));
        while seen < LOOKED_THROUGH {
            let chunk = match &tokens {
                Some(tokens) => self.log_entries_of(tokens, at, CHUNK)?,
                None => self.log_entries(None, at, CHUNK)?,
            };
            if chunk.is_empty() {
                return page(entries, None);
            }
            for stored in chunk {
                let leaf = parse_leaf(&stored.leaf)?;
                if filter.is_past(&leaf) {
                    return page(entries, None);
                }
                if entries.len() == limit {
                    return page(entries, Some(stored.position));
                }
                (at, seen) = (stored.position + 1, seen + 1);
                if filter.admits(&leaf) {
                    let opened = opener.open(self, stored)?;
                    entries.extend(filter.admits_opened(&opened).then_some(opened));
                }
            }
        }
        let end = end_of(logs.last())?;
        page(entries, Some(at).filter(|at| *at < end))
    }

    /// One entry, opened.
    ///
    /// # Errors
    /// When the database fails, or the entry is not what its leaf commits to.
    pub fn entry_open(
        &mut self,
        permit: &Permit<AuditOpen>,
        entry: EntryId,
    ) -> Result<Option<Sealed<OpenedEntry>>, Error> {
        let Some(at) = self.log_position(entry.as_bytes())? else {
            return Ok(None);
        };
        let stored = self.log_entries(None, at, 1)?.pop();
        stored
            .filter(|stored| stored.position == at)
            .map(|stored| Ok(Sealed::new(permit, EntryOpener::default().open(self, stored)?)))
            .transpose()
    }

    /// The leaf at an index of a log, and the proof that it is in its tree of this size.
    ///
    /// # Errors
    /// When the database fails, or the log is shorter than that.
    pub fn entry_prove(
        &mut self,
        _: &Permit<AuditRead>,
        log: LogNumber,
        index: u64,
        size: u64,
    ) -> Result<(Vec<u8>, Vec<Hash>), Error> {
        let leaf =
            self.log_leaves(log, index, 1)?.pop().ok_or(Error::Corrupt("a leaf of the log is missing"))?;
        let proof = proof::inclusion(index, size, &self.log_nodes(log)).map_err(|error| match error {
            ReadError::Store(error) => error,
            _ => Error::Corrupt("the log lacks some of its nodes"),
        })?;
        Ok((leaf, proof))
    }

    /// A position before which no entry is as late as this moment. Times rise from log to log.
    fn first_near(&mut self, moment: Timestamp, logs: &[HeldLog]) -> Result<u64, Error> {
        let moment = moment.saturating_sub(DISORDER).unwrap_or(Timestamp::MIN);
        for log in logs {
            let index = self.first_near_in(moment, log)?;
            if index < log.size {
                return log.number.position(index);
            }
        }
        end_of(logs.last())
    }

    /// The same within a log, found by halving: times rise with the index but for disorder.
    fn first_near_in(&mut self, moment: Timestamp, log: &HeldLog) -> Result<u64, Error> {
        let (mut low, mut high) = (0, log.size);
        while low < high {
            let middle = low + (high - low) / 2;
            // Of a log that was closed, some may be lost; nothing before `low` is as late.
            let Some(leaf) = self.log_leaves(log.number, middle, 1)?.pop() else { return Ok(low) };
            if parse_leaf(&leaf)?.ts < moment {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        Ok(low)
    }
}

/// The position behind the last entry of the last log.
fn end_of(last: Option<&HeldLog>) -> Result<u64, Error> {
    last.map_or(Ok(0), |log| log.number.position(log.size))
}
