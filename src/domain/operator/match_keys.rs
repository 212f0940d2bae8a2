//! Keying the matching index anew: one entry when a new key takes over beside the old one, one for each lot of records that is written
//! under it, one when the old one no longer counts, and one when it is gone.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde::Serialize;

use crate::crypto::Generation;
use crate::domain::client::counted::where_found;
use crate::domain::client::details::details_in;
use crate::domain::client::matcher::{Matcher, indexed};
use crate::id::{PersonId, RecordId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::people::details::Details;
use crate::policy::action::KeyWrite;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::match_index::{ClientSegments, Keying};
use crate::store::match_rekey::Unkeyed;
use crate::store::{Error, Snapshot, epoch};

/// Says under which keys the index is from now on.
pub struct MoveIndex(pub Keying);

/// Writes the next client records after one under a new key.
pub struct KeyRecords {
    /// Which key.
    pub to: Generation,
    /// After this record.
    pub after: RecordId,
    /// With which records are read.
    pub matcher: Arc<Matcher>,
}

/// The index is moved.
#[derive(Debug, Serialize)]
pub struct IndexMoved {
    /// Where it stands, as its setting says.
    pub keying: String,
}

impl Command for MoveIndex {
    type Action = KeyWrite;
    type Acknowledgement = IndexMoved;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        _tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<KeyWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<IndexMoved>, Rejection> {
        changes.match_index_is(self.0);
        Ok(moved(self.0))
    }
}

impl Command for KeyRecords {
    type Action = KeyWrite;
    type Acknowledgement = IndexMoved;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<KeyWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<IndexMoved>, Rejection> {
        let index = tx.index_keys()?;
        changes.rest_on([index.epoch]);
        let new: Vec<_> = index.keys.iter().filter(|keys| keys.generation() == self.to).cloned().collect();
        let Unkeyed { records, segments } = tx.unkeyed(permit, self.to, self.after)?;
        // What is written or erased meanwhile must not come back as tokens of what it said before.
        let people: BTreeSet<Vec<u8>> = records.iter().map(|(_, person)| epoch::person(*person)).collect();
        let people: Vec<&[u8]> = people.iter().map(Vec::as_slice).collect();
        changes.rest_on(tx.epochs(&people)?);
        let mut all_terms = Vec::new();
        for (at, of) in records.iter().enumerate() {
            let by = By { at, matcher: &self.matcher, keys: &new };
            let tokens = segments.tokens(&by, |segments, by| by.indexed(segments).0).into_iter().collect();
            let terms = segments.tokens(&by, |segments, by| by.indexed(segments).1);
            all_terms.extend(where_found(terms, &new, &tokens));
            changes.match_tokens_add(*of, &tokens);
            // Nor may what was read before take away less than there is by then.
            changes.person_changed(of.1);
        }
        let mut distinct = all_terms.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let mut levels = tx.frequencies(&distinct)?;
        changes.terms_count_all(all_terms, &mut levels);
        Ok(moved(index.keying))
    }
}

/// Which of some records is read, with what, and under which keys.
struct By<'a> {
    at: usize,
    matcher: &'a Matcher,
    keys: &'a [Arc<crate::crypto::MatchKeys>],
}

impl By<'_> {
    #[allow(clippy::ptr_arg, reason = "`Sealed::tokens` takes a function of the very type that is sealed")]
    fn indexed(&self, segments: &Vec<ClientSegments>) -> (Vec<i64>, Vec<i64>) {
        let details = segments.get(self.at).map_or_else(Details::default, details_in);
        let (tokens, terms) = indexed(self.matcher, self.keys, &details);
        (tokens.into_iter().collect(), terms)
    }
}

/// How many records there still are to be written under a key, after one: the last of the next lot.
///
/// # Errors
/// When the database fails.
pub fn next_lot(
    tx: &mut Snapshot<'_>,
    to: Generation,
    after: RecordId,
) -> Result<Option<(RecordId, usize)>, Error> {
    let lot: Vec<(RecordId, PersonId)> = tx.unkeyed_ids(to, after)?;
    Ok(lot.last().map(|(last, _)| (*last, lot.len())))
}

fn moved(keying: Keying) -> Accepted<IndexMoved> {
    Accepted {
        status: 200,
        location: None,
        etag: None,
        acknowledgement: IndexMoved { keying: keying.code() },
    }
}
