//! Somebody who knows them says that two who are one are two: the desk looks again at what made them one. Until it has decided they stay one.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;

use super::desk::Desk;
use super::model::MatchRecord;
use crate::directory::Directory;
use crate::id::PersonId;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::store::change::{Changes, NewVersion};
use crate::store::match_pair::{Pair, PairState};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// Brings before the desk whatever makes these two one. Two whom no decision joined, because one agency wrote of a person whom the other
/// referred, nobody can part.
pub(in crate::domain) fn doubt<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    changes: &mut Changes,
    (one, other): (PersonId, PersonId),
    directory: &Directory,
) -> Result<(), Error> {
    let desk = Desk::of(directory)?;
    let pairs = tx.pairs_of(one)?;
    let cases = tx.versions_of_person(one, Kind::Match)?;
    for pair in way(&pairs, one, other).into_iter().filter(|pair| pair.state != PairState::Doubted) {
        let now = changes.now();
        let held = cases.iter().find(|held| held.record == pair.record && held.custodian == desk.agency);
        let version = match held {
            Some(held) => {
                let case = tx.document_read::<_, MatchRecord>(permit, &desk.agency, held.record)?;
                changes.document_put(tx, &held.next(), &case.revise(&now, doubted)?)?;
                held.next()
            }
            // An agency joined them itself, or the gateway did before there was a desk.
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
    use crate::id::RecordId;

    fn person(id: u8) -> PersonId {
        PersonId::from_bytes([id; 16])
    }

    fn pair(one: u8, other: u8, state: PairState) -> Pair {
        let mut pair = Pair::new(person(one), person(other), [0; 16], RecordId::random());
        pair.state = state;
        pair
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
}
