//! What is known of two persons who may be one: open until the matching desk decides, and what it decided.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};

use super::backend::Bind;
use super::change::Changes;
use super::identity::{Cluster, is_kin, kin};
use super::schema::match_pair;
use super::write::Write;
use super::{Error, Snapshot, id_bytes};
use crate::crypto::{KeyRing, Token};
use crate::id::{AgencyId, PersonId, RecordId};

crate::code_list! {
    /// What is known of two persons.
    pub enum PairState {
        /// They may be one; nobody has decided.
        Open = "open",
        Same = "same",
        /// They are one still; somebody who knows them says that they are two.
        Doubted = "doubted",
        Different = "different",
    }
}

impl PairState {
    /// Whether it makes the two one.
    pub const fn joins(self) -> bool {
        matches!(self, Self::Same | Self::Doubted)
    }
}

/// A version of what is known of two persons, as it is stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = match_pair, treat_none_as_default_value = false)]
pub struct PairRow {
    pub(crate) low: Vec<u8>,
    pub(crate) high: Vec<u8>,
    pub(crate) version: i64,
    pub(crate) state: String,
    pub(crate) facts: Vec<u8>,
    pub(crate) record: Vec<u8>,
    pub(crate) entry_id: Vec<u8>,
    pub(crate) seal: Vec<u8>,
}

/// A keyed token of all that a row says: who may be one with whom counts only if a gateway wrote it.
pub fn pair_seal(keys: &KeyRing, ids: [&[u8]; 2], version: i64, state: &str, rest: [&[u8]; 3]) -> Token {
    let ([low, high], [facts, record, entry]) = (ids, rest);
    let parts = [low, high, &version.to_be_bytes(), state.as_bytes(), facts, record, entry];
    keys.index().token("seal/match-pair", &parts)
}

/// Two persons, and what is known of them.
#[derive(Debug, Clone)]
pub struct Pair {
    /// The one.
    pub low: PersonId,
    /// The other.
    pub high: PersonId,
    /// What is known.
    pub state: PairState,
    /// On which facts it was asked or decided: a keyed token of them.
    pub facts: Token,
    /// The desk's record of it.
    pub record: RecordId,
    version: i64,
}

type Columns = (Binary, Binary, BigInt, Text, Binary, Binary, Binary, Binary);
type Values = (Vec<u8>, Vec<u8>, i64, String, Vec<u8>, Vec<u8>, Vec<u8>, Vec<u8>);

macro_rules! latest_pairs {
    ($($of:expr),+) => {
        concat!(
            "SELECT p.low, p.high, p.version, p.state, p.facts, p.record, p.entry_id, p.seal FROM match_pair p WHERE p.version = \
             (SELECT max(version) FROM match_pair WHERE low = p.low AND high = p.high) AND ",
            $($of),+
        )
    };
}

macro_rules! pairs_of {
    ($store:ident) => {
        concat!(latest_pairs!("p.low", is_kin!($store)), " UNION ", latest_pairs!("p.high", is_kin!($store)))
    };
}

/// The pairs of those who are one with a person, and that person, which is bound four times.
const PAIRS_OF: [&str; 2] = [pairs_of!(postgresql), pairs_of!(sqlite)];

impl Pair {
    /// Two persons of whom nothing is known yet.
    pub fn new(one: PersonId, other: PersonId, facts: Token, record: RecordId) -> Self {
        let (low, high) = if one < other { (one, other) } else { (other, one) };
        Self { low, high, state: PairState::Open, facts, record, version: 0 }
    }

    /// The same two, as a new record asks about them.
    #[must_use]
    pub fn asked_anew(&self, record: RecordId) -> Self {
        Self { record, ..self.clone() }
    }

    fn from_row(
        keys: &KeyRing,
        (low, high, version, state, facts, record, entry, seal): Values,
    ) -> Result<Self, Error> {
        let expected = pair_seal(keys, [&low, &high], version, &state, [&facts, &record, &entry]);
        if seal != expected {
            return Err(Error::Corrupt("who may be one was written by no gateway"));
        }
        Ok(Self {
            low: PersonId::from_bytes(id_bytes(&low)?),
            high: PersonId::from_bytes(id_bytes(&high)?),
            state: state.parse().map_err(|_| Error::Corrupt("the state of a pair is unknown"))?,
            facts: id_bytes(&facts)?,
            record: RecordId::from_bytes(id_bytes(&record)?),
            version,
        })
    }

    /// The other of the two, if a person is one of them.
    pub fn beside(&self, person: PersonId) -> Option<PersonId> {
        if person == self.low { Some(self.high) } else { (person == self.high).then_some(self.low) }
    }

    /// Whether it is about the very two of another.
    pub fn is_about_those_of(&self, other: &Self) -> bool {
        (self.low, self.high) == (other.low, other.high)
    }

    /// Whether it is about one person of each of these.
    pub fn is_between(&self, one: &impl Fn(PersonId) -> bool, other: &impl Fn(PersonId) -> bool) -> bool {
        (one(self.low) && other(self.high)) || (one(self.high) && other(self.low))
    }
}

impl Snapshot<'_> {
    /// What is known of a person, or of whoever is one with that person, and others.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pairs_of(&mut self, person: PersonId) -> Result<Vec<Pair>, Error> {
        let id = Bind::Bytes(person.as_bytes());
        let sql = self.connection.either(PAIRS_OF);
        let rows = self.connection.rows::<Columns, Values>(sql, &[id, id, id, id])?;
        rows.into_iter().map(|row| Pair::from_row(self.keys, row)).collect()
    }

    /// The pair that a record of the desk is about; `None` where the same two were asked about again since.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pair_of_record(&mut self, record: RecordId) -> Result<Option<Pair>, Error> {
        let id = Bind::Bytes(record.as_bytes());
        let row = self.connection.rows::<Columns, Values>(latest_pairs!("p.record = ?"), &[id])?.pop();
        row.map(|row| Pair::from_row(self.keys, row)).transpose()
    }

    /// A pair that waits for a decision and whose case one of these agencies keeps.
    ///
    /// # Errors
    /// When the database fails.
    pub fn pair_kept_by(&mut self, agencies: &[AgencyId]) -> Result<Option<Pair>, Error> {
        let sql = concat!(
            latest_pairs!(
                "p.state IN ('open', 'doubted') AND p.record IN (SELECT target FROM handle WHERE agency = ? AND kind = 'match')"
            ),
            " ORDER BY p.low, p.high LIMIT 1"
        );
        for agency in agencies {
            if let Some(row) =
                self.connection.rows::<Columns, Values>(sql, &[Bind::Text(agency.as_str())])?.pop()
            {
                return Pair::from_row(self.keys, row).map(Some);
            }
        }
        Ok(None)
    }

    /// How those who are one fall apart when the two of a pair are no longer said to be the same: into its lesser id with whomever other
    /// pairs hold to it, and its greater one likewise; `None` if other pairs hold these two together as well. Whom no pair holds to
    /// either was one with them before it was kept why, and stays with those of the two who were known first.
    ///
    /// # Errors
    /// When the database fails.
    pub fn parts_without(
        &mut self,
        cluster: &Cluster,
        without: &Pair,
        pairs: &[Pair],
    ) -> Result<Option<[BTreeSet<PersonId>; 2]>, Error> {
        let held = |one| held_to(one, pairs.iter().filter(|pair| !pair.is_about_those_of(without)));
        let (mut low, mut high) = (held(without.low), held(without.high));
        if low.contains(&without.high) {
            return Ok(None);
        }
        let rest: Vec<PersonId> =
            cluster.persons().filter(|person| !low.contains(person) && !high.contains(person)).collect();
        if !rest.is_empty() {
            let id = Bind::Bytes(without.low.as_bytes());
            let sql = concat!("SELECT id FROM person WHERE id IN ", kin!(), " ORDER BY created_us, id");
            for (known,) in self.connection.rows::<(Binary,), (Vec<u8>,)>(sql, &[id, id])? {
                let known = PersonId::from_bytes(id_bytes(&known)?);
                let first = [&mut low, &mut high].into_iter().find(|part| part.contains(&known));
                if let Some(first) = first {
                    first.extend(rest);
                    break;
                }
            }
        }
        Ok(Some([low, high]))
    }
}

/// Whom these pairs hold to a person, that person included.
fn held_to<'p>(person: PersonId, pairs: impl Iterator<Item = &'p Pair> + Clone) -> BTreeSet<PersonId> {
    let mut held = BTreeSet::from([person]);
    let mut next = vec![person];
    while let Some(at) = next.pop() {
        let beside = pairs.clone().filter(|pair| pair.state.joins()).filter_map(|pair| pair.beside(at));
        next.extend(beside.filter(|beside| held.insert(*beside)).collect::<Vec<_>>());
    }
    held
}

impl Changes {
    /// Writes what is known of two persons from now on. Whoever decides on either of them must see it.
    pub fn pair_put(&mut self, keys: &KeyRing, pair: &Pair, state: PairState, facts: Token) {
        let version = pair.version.saturating_add(1);
        let (low, high) = (pair.low.as_bytes(), pair.high.as_bytes());
        self.note_envelope(&[low.as_slice(), high, &version.to_be_bytes(), state.code().as_bytes()].concat());
        let entry_id = self.entry().as_bytes().to_vec();
        let rest = [facts.as_slice(), pair.record.as_bytes(), &entry_id];
        let seal = pair_seal(keys, [low, high], version, state.code(), rest);
        self.push(Write::Pair(PairRow {
            low: low.to_vec(),
            high: high.to_vec(),
            version,
            state: state.code().to_owned(),
            facts: facts.to_vec(),
            record: pair.record.as_bytes().to_vec(),
            entry_id,
            seal: seal.to_vec(),
        }));
        self.person_changed(pair.low);
        self.person_changed(pair.high);
    }
}
