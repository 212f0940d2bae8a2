//! Finding a person again: client records by keyed token, decrypted in memory, weighed by the matching model.
//!
//! The database has tokens and no value. What one presentation asks is the same number of statements whatever is found: the state of
//! the index, all that its keys find, all records of the candidates, and how usual the values are.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use diesel::sql_types::{BigInt, Binary, Nullable, Text};
use zeroize::Zeroizing;

use super::backend::Bind;
use super::identity::join_kin;
use super::record::{
    RecordColumns, RecordValues, StoredVersion, VersionColumns, VersionValues, version_columns,
};
use super::{Error, Snapshot, epoch, hex_list, id_bytes, setting};
use crate::crypto::{Generation, MatchKeys};
use crate::id::{AgencyId, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::people::index::most_telling;
use crate::policy::action::Action;
use crate::policy::facts::Epoch;
use crate::policy::permit::Permit;
use crate::vocabulary::Segment;

/// Where the index stands, as its setting says: see [`Keying::code`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keying {
    /// All tokens are of one generation.
    Settled(Generation),
    /// Tokens of a new generation are written beside those of the old one.
    Filling {
        /// What is complete.
        from: Generation,
        /// What is written; the same where there is none that is complete.
        to: Generation,
    },
    /// A generation is complete, and all others go.
    Clearing(Generation),
}

impl Keying {
    /// `1`, `1>2` or `2<`.
    pub fn code(self) -> String {
        match self {
            Self::Settled(of) => of.to_string(),
            Self::Filling { from, to } => format!("{from}>{to}"),
            Self::Clearing(of) => format!("{of}<"),
        }
    }

    fn parse(code: &str) -> Option<Self> {
        if let Some((from, to)) = code.split_once('>') {
            return Some(Self::Filling { from: from.parse().ok()?, to: to.parse().ok()? });
        }
        match code.strip_suffix('<') {
            Some(of) => of.parse().ok().map(Self::Clearing),
            None => code.parse().ok().map(Self::Settled),
        }
    }

    /// The generations under which is written and looked up: the one whose frequencies count comes first.
    pub fn generations(self) -> Vec<Generation> {
        match self {
            Self::Settled(of) | Self::Clearing(of) => vec![of],
            Self::Filling { from, to } if from == to => vec![to],
            Self::Filling { from, to } => vec![from, to],
        }
    }
}

/// The keys of the index as it stands.
pub struct IndexKeys {
    /// Where it stands.
    pub keying: Keying,
    /// The keys of its generations: the one whose frequencies count comes first.
    pub keys: Vec<Arc<MatchKeys>>,
    /// What rests on it.
    pub epoch: Epoch,
}

/// The segments of one client record, as the custodian wrote them.
pub type ClientSegments = BTreeMap<Segment, Zeroizing<Vec<u8>>>;

/// All who are one and of whom something was found.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Who they are, in the order of what is written about them.
    pub persons: Vec<PersonId>,
    /// The one of them whom the presenting agency has presented itself.
    pub own: Option<PersonId>,
    /// Which of what is written about them the presenting agency wrote itself.
    pub own_records: Vec<usize>,
}

/// People who share tokens with what was presented.
pub struct Candidates {
    /// Who they are, those who are one together; those first who share the most telling tokens, in the order of `records`.
    pub people: Vec<Candidate>,
    /// What each agency wrote about each of them.
    pub records: Sealed<Vec<Vec<ClientSegments>>>,
}

/// With whom a person is one, by one look at a key: whoever is known to many must not take the place of others.
macro_rules! postings {
    ($place:literal, $from:literal) => {
        concat!(
            "SELECT ",
            $place,
            ", coalesce((SELECT i.cluster FROM person_identity i WHERE i.person = t.person ORDER BY i.version DESC LIMIT 1), t.person), \
             t.person FROM ",
            $from
        )
    };
}

/// How many rows of one token are read.
const POSTINGS: [&str; 2] = [
    postings!(
        "q.place",
        "unnest(?::bigint[]) WITH ORDINALITY AS q (token, place) \
         CROSS JOIN LATERAL (SELECT person FROM match_token WHERE token = q.token LIMIT 65) t"
    ),
    postings!(
        "q.key",
        "json_each(?) q CROSS JOIN match_token t ON t.token = q.value \
         AND t.record IN (SELECT record FROM match_token WHERE token = q.value LIMIT 65)"
    ),
];

macro_rules! clients {
    ($store:ident, $from:literal) => {
        concat!(
            "SELECT q.place, coalesce(k.cluster, q.person), r.person, r.id, r.kind, ",
            version_columns!(),
            " FROM ",
            $from,
            join_kin!($store, "q.person"),
            " JOIN record r ON r.person = coalesce(k.person, q.person) AND r.kind = 'client' \
             JOIN record_version v ON v.record = r.id \
             AND v.version = (SELECT max(version) FROM record_version WHERE record = r.id) \
             JOIN data_key d ON d.id = v.data_key ORDER BY q.place, r.created_us, r.id"
        )
    };
}

const CLIENTS: [&str; 2] = [
    clients!(postgresql, "unnest(?::bytea[]) WITH ORDINALITY AS q (person, place)"),
    clients!(sqlite, "(SELECT unhex(value) AS person, key AS place FROM json_each(?)) AS q"),
];

impl Snapshot<'_> {
    /// The keys of the matching index as it stands.
    ///
    /// # Errors
    /// When the database fails, or the ring of this host lacks a key.
    pub fn index_keys(&mut self) -> Result<IndexKeys, Error> {
        let row = self
            .connection
            .rows::<(Nullable<BigInt>, Nullable<Text>), (Option<i64>, Option<String>)>(
                "SELECT (SELECT value FROM epoch WHERE scope = ?), (SELECT value FROM setting WHERE name = ?)",
                &[Bind::Bytes(epoch::MATCH_INDEX), Bind::Text(setting::MATCH_INDEX)],
            )?
            .pop();
        let (value, code) = row.ok_or(Error::Corrupt("a statement that always has a row had none"))?;
        let keying = match code {
            Some(code) => Keying::parse(&code).ok_or(Error::Corrupt("the state of the index is unknown"))?,
            None => Keying::Settled(0),
        };
        let keys = keying
            .generations()
            .into_iter()
            .map(|generation| self.keys.match_keys(generation).ok_or(Error::OtherKeyRing))
            .collect::<Result<_, _>>()?;
        let epoch = Epoch { scope: epoch::MATCH_INDEX.to_vec(), value: value.unwrap_or(0) };
        Ok(IndexKeys { keying, keys, epoch })
    }

    /// The people who share tokens with what was presented, with what is known of them, for matching and for nothing else.
    /// `people` is how many the index has.
    ///
    /// # Errors
    /// When the database fails.
    pub fn candidates_read<A: Action>(
        &mut self,
        permit: &Permit<A>,
        agency: &AgencyId,
        tokens: &[i64],
        people: u32,
    ) -> Result<Candidates, Error> {
        let bound = Numbers::new(tokens);
        let sql = self.connection.either(POSTINGS);
        let binds = [bound.bind(self.connection.is_postgres())];
        let rows = self.connection.rows::<(BigInt, Binary, Binary), (i64, Vec<u8>, Vec<u8>)>(sql, &binds)?;
        let mut by_token: BTreeMap<i64, Vec<[u8; 16]>> = BTreeMap::new();
        let mut member_of: BTreeMap<[u8; 16], PersonId> = BTreeMap::new();
        for (place, cluster, person) in rows {
            let cluster = id_bytes(&cluster)?;
            by_token.entry(place).or_default().push(cluster);
            member_of.insert(cluster, PersonId::from_bytes(id_bytes(&person)?));
        }
        for clusters in by_token.values_mut() {
            clusters.sort_unstable();
            clusters.dedup();
        }
        let mut found: Vec<&[[u8; 16]]> = by_token.values().map(Vec::as_slice).collect();
        let found = most_telling(&mut found, people, |cluster| *cluster);
        let found: Vec<PersonId> =
            found.iter().filter_map(|cluster| member_of.get(cluster).copied()).collect();
        self.clients_read(permit, agency, &found)
    }

    /// What is known of these people and of all who are one with each, those who are one together.
    ///
    /// # Errors
    /// When the database fails.
    pub fn clients_read<A: Action>(
        &mut self,
        permit: &Permit<A>,
        agency: &AgencyId,
        people: &[PersonId],
    ) -> Result<Candidates, Error> {
        type Columns = (BigInt, Binary, Binary, RecordColumns, VersionColumns);
        type Values = (i64, Vec<u8>, Vec<u8>, RecordValues, VersionValues);
        let ids: Vec<&[u8]> = people.iter().map(|person| person.as_bytes().as_slice()).collect();
        let json = hex_list(&ids)?;
        let sql = self.connection.either(CLIENTS);
        let bind = if self.connection.is_postgres() { Bind::BytesArray(&ids) } else { Bind::Text(&json) };
        let mut seen: BTreeSet<RecordId> = BTreeSet::new();
        let mut places: Vec<Vec<u8>> = Vec::new();
        let mut found: Vec<(Candidate, Vec<ClientSegments>)> = Vec::new();
        for (_, cluster, person, record, version) in self.connection.rows::<Columns, Values>(sql, &[bind])? {
            let stored = StoredVersion::from_row(record, version)?;
            // Two of one cluster bring the same records along.
            if !seen.insert(stored.record) {
                continue;
            }
            let at = match places.iter().position(|known| *known == cluster) {
                Some(at) => at,
                None => {
                    places.push(cluster);
                    let nobody = Candidate { persons: Vec::new(), own: None, own_records: Vec::new() };
                    found.push((nobody, Vec::new()));
                    places.len() - 1
                }
            };
            let person = PersonId::from_bytes(id_bytes(&person)?);
            let is_own = stored.is_held_by(agency);
            let segments = self.client_segments(&stored)?;
            if let Some((candidate, records)) = found.get_mut(at) {
                candidate.persons.push(person);
                candidate.own = candidate.own.or(is_own.then_some(person));
                candidate.own_records.extend(is_own.then_some(records.len()));
                records.push(segments);
            }
        }
        let (people, records) = found.into_iter().unzip();
        Ok(Candidates { people, records: Sealed::new(permit, records) })
    }

    /// A name, a date of birth and numbers are compared whatever segment they are in: a working name finds her too.
    fn client_segments(&mut self, stored: &StoredVersion) -> Result<ClientSegments, Error> {
        Ok(self
            .decrypt(stored, |_| true)?
            .into_iter()
            .filter_map(|part| part.name.parse::<Segment>().ok().map(|segment| (segment, part.plain)))
            .collect())
    }

    /// The tokens under which a record is found.
    ///
    /// # Errors
    /// When the database fails.
    pub fn match_tokens_of(&mut self, record: RecordId) -> Result<BTreeSet<i64>, Error> {
        let rows = self.connection.rows::<(BigInt,), (i64,)>(
            "SELECT token FROM match_token WHERE record = ?",
            &[Bind::Bytes(record.as_bytes())],
        )?;
        Ok(rows.into_iter().map(|(token,)| token).collect())
    }
}

/// Numbers as both stores take a list of them.
pub(super) struct Numbers<'n> {
    numbers: &'n [i64],
    json: String,
}

impl<'n> Numbers<'n> {
    pub(super) fn new(numbers: &'n [i64]) -> Self {
        let texts: Vec<String> = numbers.iter().map(i64::to_string).collect();
        Self { numbers, json: format!("[{}]", texts.join(",")) }
    }

    pub(super) fn bind(&self, is_postgres: bool) -> Bind<'_> {
        if is_postgres { Bind::IntArray(self.numbers) } else { Bind::Text(&self.json) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_of_the_index_survives_its_written_form() {
        for state in [Keying::Settled(3), Keying::Filling { from: 1, to: 2 }, Keying::Clearing(2)] {
            assert_eq!(Keying::parse(&state.code()), Some(state));
        }
        assert_eq!(Keying::parse("x"), None);
    }
}
