//! What client records are counted under: each under what it says now. What is counted once more often than it is taken out makes a name
//! look usual, and what is taken out more often makes it look rare, and a link easy.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::details::details_in;
use super::matcher::{Generations, Known, Matcher, indexed, terms};
use crate::crypto::MatchKeys;
use crate::journal::sealed::Sealed;
use crate::store::change::Changes;
use crate::store::record::Segments;
use crate::store::{Error, Snapshot};

/// With what records are read, and the keys of the index.
pub(in crate::domain) type By = (Arc<Matcher>, Generations);

/// What a record that was read is counted under, `tokens` being those under which it is found.
pub(in crate::domain) fn counted_in<H>(
    record: &Sealed<Segments<H>>,
    by: &By,
    tokens: &BTreeSet<i64>,
) -> BTreeSet<i64> {
    let of_record =
        record.tokens(by, |record, (matcher, keys)| indexed(matcher, keys, &details_in(&record.segments)).1);
    where_found(of_record, &by.1, tokens)
}

/// What a record is counted under that is written now, and is found under these tokens.
pub(super) fn counted_now(
    written: &Sealed<Known>,
    keys: &Generations,
    tokens: &BTreeSet<i64>,
) -> BTreeSet<i64> {
    where_found(written.tokens(keys, terms), keys, tokens)
}

/// Whoever is not found under a key is not counted under it: a record that waits to be written under a new key is counted with that.
pub(in crate::domain) fn where_found(
    terms: impl IntoIterator<Item = i64>,
    keys: &[Arc<MatchKeys>],
    tokens: &BTreeSet<i64>,
) -> BTreeSet<i64> {
    let ranges = keys.iter().map(|keys| MatchKeys::range(keys.generation()));
    let found: Vec<(i64, i64)> =
        ranges.filter(|(least, greatest)| tokens.range(*least..=*greatest).next().is_some()).collect();
    let is_found = |term: &i64| found.iter().any(|(least, greatest)| (least..=greatest).contains(&term));
    terms.into_iter().filter(is_found).collect()
}

/// Counts what a record says from now on and did not say before, and takes out what it says no more: in as many statements whether that
/// is anything.
pub(super) fn count(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    before: &BTreeSet<i64>,
    now: &BTreeSet<i64>,
) -> Result<(), Error> {
    let changed: Vec<i64> = before.symmetric_difference(now).copied().collect();
    let levels = tx.frequencies(&changed)?;
    changes.terms_count(now.difference(before).copied(), &levels);
    changes.terms_discount(before.difference(now).copied(), &levels);
    Ok(())
}
