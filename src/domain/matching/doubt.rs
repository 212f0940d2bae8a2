//! Somebody who knows them says that two who are one are two: the desk looks again at what made them one. Until it has decided they stay one.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use jiff::Timestamp;

use super::desk::Desk;
use super::model::MatchRecord;
use crate::directory::Directory;
use crate::id::{PersonId, RecordId};
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::match_pair::{Pair, PairState};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// Brings before the desk whatever makes a person one with each of these others. Where an agency writes of a person whom another referred
/// to it there is one person alone, whom nobody can part.
pub(in crate::domain) fn doubt<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    (person, others): (PersonId, &BTreeSet<PersonId>),
    directory: &Directory,
) -> Result<(), Error> {
    let pairs = tx.pairs_of(person)?;
    ask_about(tx, permit, changes, &on_the_ways(&pairs, person, others), directory)
}

/// Has the desk look at each of these pairs, as far as it does not yet.
pub(super) fn ask_about<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    pairs: &[Pair],
    directory: &Directory,
) -> Result<(), Error> {
    let (desk, now) = (Desk::of(directory)?, changes.now());
    for pair in pairs.iter().filter(|pair| pair.state != PairState::Doubted) {
        let cases = tx.versions_of_person(pair.high, Kind::Match)?;
        let version = match cases.iter().find(|held| held.record == pair.record) {
            Some(held) => {
                let case = tx.document_read::<_, MatchRecord>(permit, &desk.agency, held.record)?;
                let case = case.revise(&now, doubted)?;
                // Another kept it before there was this desk, which has a case of its own then.
                let version = if held.custodian == desk.agency {
                    held.next()
                } else {
                    NewVersion::first(Kind::Match, held.person, &desk.agency)
                };
                changes.document_put(tx, &version, &case)?;
                version
            }
            // An agency joined them itself, or they were joined before it was kept why.
            None => {
                let version = NewVersion::first(Kind::Match, pair.high, &desk.agency);
                let case = MatchRecord::unweighed((pair.high, pair.low), PairState::Same, now).doubted(now);
                changes.document_put_sent(tx, &version, &case)?;
                version
            }
        };
        changes.pair_put(tx.keys(), &pair.asked_anew(version.record), PairState::Doubted, pair.facts);
        desk.is_asked(tx, changes, &version)?;
    }
    Ok(())
}

fn doubted(case: &Document<MatchRecord>, now: &Timestamp) -> Result<MatchRecord, Error> {
    Ok(case.value.doubted(*now))
}

/// The pairs by which a person is one with each of these others, each pair once however many ways lead by it.
pub(super) fn on_the_ways(pairs: &[Pair], person: PersonId, others: &BTreeSet<PersonId>) -> Vec<Pair> {
    let mut found: BTreeMap<(PersonId, PersonId), Pair> = BTreeMap::new();
    for other in others.iter().filter(|other| **other != person) {
        let mut by: Vec<Pair> = way(pairs, person, *other).into_iter().cloned().collect();
        if by.is_empty() {
            // They are one by what is no longer known: from now on there is something by which they can be parted.
            let is_theirs = |pair: &&Pair| pair.is_between(&|of| of == person, &|of| of == *other);
            let known = pairs.iter().find(is_theirs).cloned();
            by.push(known.unwrap_or_else(|| Pair::new(person, *other, [0; 16], RecordId::random())));
        }
        found.extend(by.into_iter().map(|pair| ((pair.low, pair.high), pair)));
    }
    found.into_values().collect()
}

/// Whether the decision that the two of a pair are one answers a doubt about these two: they are one by that pair, and nothing else by which
/// they are one is doubted.
pub(super) fn is_answered(pairs: &[Pair], decided: &Pair, (one, other): (PersonId, PersonId)) -> bool {
    let way = way(pairs, one, other);
    let is_this = |pair: &&Pair| pair.is_about_those_of(decided);
    way.iter().any(is_this) && way.iter().all(|pair| is_this(pair) || pair.state != PairState::Doubted)
}

/// The pairs by which one is the other: the shortest way from one to the other; none if they are not one.
fn way(pairs: &[Pair], one: PersonId, other: PersonId) -> Vec<&Pair> {
    let mut by: BTreeMap<PersonId, &Pair> = BTreeMap::new();
    let mut next = VecDeque::from([one]);
    while let Some(person) = next.pop_front() {
        for pair in pairs.iter().filter(|pair| pair.state.joins()) {
            let Some(reached) = pair.beside(person) else { continue };
            if reached != one && !by.contains_key(&reached) {
                by.insert(reached, pair);
                next.push_back(reached);
            }
        }
    }
    let (mut way, mut at) = (Vec::new(), other);
    while let Some((pair, before)) = by.get(&at).and_then(|pair| Some((*pair, pair.beside(at)?))) {
        way.push(pair);
        at = before;
    }
    way
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(id: u8) -> PersonId {
        PersonId::from_bytes([id; 16])
    }

    fn pair(one: u8, other: u8, state: PairState) -> Pair {
        let mut pair = Pair::new(person(one), person(other), [0; 16], RecordId::random());
        pair.state = state;
        pair
    }

    fn ids(pairs: &[Pair]) -> Vec<(PersonId, PersonId)> {
        pairs.iter().map(|pair| (pair.low, pair.high)).collect()
    }

    #[test]
    fn two_are_one_by_what_joins_them_and_by_nothing_else() {
        let pairs = [
            pair(1, 2, PairState::Same),
            pair(2, 3, PairState::Doubted),
            pair(1, 4, PairState::Same),
            pair(4, 5, PairState::Different),
            pair(5, 1, PairState::Open),
        ];
        let between = |one, other| -> Vec<(PersonId, PersonId)> {
            way(&pairs, person(one), person(other)).iter().map(|pair| (pair.low, pair.high)).collect()
        };
        assert_eq!(between(1, 3), [(person(2), person(3)), (person(1), person(2))]);
        assert_eq!(between(3, 4).len(), 3);
        assert_eq!(between(4, 5), [], "they are not one");
        assert_eq!(between(1, 1), [], "she is one with herself");
    }

    #[test]
    fn what_several_ways_share_is_asked_about_once_and_what_nothing_is_known_of_all_the_same() {
        let pairs = [pair(1, 2, PairState::Same), pair(2, 3, PairState::Same), pair(2, 4, PairState::Same)];
        let others = [1, 3, 4, 9].map(person).into();
        let [a, b, c, d, e] = [(1, 2), (1, 9), (2, 3), (2, 4), (1, 1)].map(|(a, b)| (person(a), person(b)));
        assert_eq!(ids(&on_the_ways(&pairs, person(1), &others)), [a, b, c, d]);
        assert_eq!(ids(&on_the_ways(&pairs, person(1), &[person(1)].into())), [], "{e:?} is herself");
    }

    #[test]
    fn a_doubt_is_answered_once_nothing_by_which_they_are_one_is_doubted() {
        let pairs =
            [pair(1, 2, PairState::Doubted), pair(2, 3, PairState::Doubted), pair(3, 4, PairState::Same)];
        let [first, second, third] = &pairs;
        let of = |one, other| (person(one), person(other));
        assert!(is_answered(&pairs, first, of(1, 2)) && is_answered(&pairs, second, of(2, 4)));
        assert!(!is_answered(&pairs, first, of(1, 4)), "the other pair is doubted still");
        assert!(
            !is_answered(&pairs, first, of(2, 3)) && !is_answered(&pairs, third, of(1, 2)),
            "by another pair"
        );
    }
}
