//! Which persons are one. A person is whom one agency presents, and whom it made known to others; the gateway where it is sure, or the matching
//! desk, says that two are one, the desk that they are not after all, and nothing that was written is written anew for it.
//!
//! Whatever is read by person is read of all persons who are one with that person: see `kin`.

use std::collections::BTreeSet;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::backend::Bind;
use super::change::Changes;
use super::handle::person_scope;
use super::match_pair::PairState;
use super::record::Kind;
use super::schema::person_identity;
use super::write::Write;
use super::{Error, Snapshot, epoch, id_bytes};
use crate::crypto::{KeyRing, Token};
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::policy::action::Action;
use crate::policy::facts::Epoch;
use crate::policy::permit::Permit;

/// One version of which cluster a person belongs to, as it is stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = person_identity, treat_none_as_default_value = false)]
pub struct IdentityRow {
    pub(crate) person: Vec<u8>,
    pub(crate) version: i64,
    pub(crate) cluster: Vec<u8>,
    pub(crate) entry_id: Vec<u8>,
    pub(crate) seal: Vec<u8>,
}

/// A keyed token of all that a row says. Who is one decides what is disclosed to whom, so that one that no gateway wrote is told.
pub fn identity_seal(keys: &KeyRing, person: &[u8], version: i64, cluster: &[u8], entry: &[u8]) -> Token {
    keys.index().token("seal/person-identity", &[person, &version.to_be_bytes(), cluster, entry])
}

/// Makes sure that a gateway wrote that a person belongs to a cluster.
///
/// # Errors
/// When the row bears another seal.
pub(super) fn check_identity(
    keys: &KeyRing,
    person: &[u8],
    (version, cluster, entry): (i64, &[u8], &[u8]),
    seal: &[u8],
) -> Result<(), Error> {
    if identity_seal(keys, person, version, cluster, entry).as_slice() == seal {
        Ok(())
    } else {
        Err(Error::Corrupt("who is one was written by no gateway"))
    }
}

/// The persons who are one with a person, and that person: a subquery that binds the person twice.
macro_rules! kin {
    () => {
        "(SELECT ? UNION SELECT k.person FROM person_identity k WHERE k.cluster = \
          (SELECT i.cluster FROM person_identity i WHERE i.person = ? ORDER BY i.version DESC LIMIT 1) \
          AND k.version = (SELECT max(version) FROM person_identity WHERE person = k.person))"
    };
}
pub(super) use kin;

/// That a column holds one of those, as a condition by which rows are found: PostgreSQL knows them before it looks.
macro_rules! is_kin {
    (postgresql) => {
        concat!(" = ANY (ARRAY", kin!(), ")")
    };
    (sqlite) => {
        concat!(" IN ", kin!())
    };
}
pub(super) use is_kin;

/// Joins all who are one with the person `$of`, that person included, as `coalesce(k.person, $of)`: whoever was never linked has
/// no row, and is one alone. PostgreSQL is told to look them up one by one: a plan that it made while nobody was linked would read the
/// whole table for each.
macro_rules! join_kin {
    (postgresql, $of:literal) => {
        concat!(
            " LEFT JOIN LATERAL (SELECT x.person, x.version, x.cluster, x.entry_id, x.seal FROM person_identity x WHERE x.cluster = \
              (SELECT i.cluster FROM person_identity i WHERE i.person = ",
            $of,
            " ORDER BY i.version DESC LIMIT 1) \
              AND x.version = (SELECT max(version) FROM person_identity WHERE person = x.person) OFFSET 0) k ON true"
        )
    };
    (sqlite, $of:literal) => {
        concat!(
            " LEFT JOIN person_identity k ON k.cluster = (SELECT i.cluster FROM person_identity i WHERE i.person = ",
            $of,
            " ORDER BY i.version DESC LIMIT 1) \
              AND k.version = (SELECT max(version) FROM person_identity WHERE person = k.person)"
        )
    };
}
pub(super) use join_kin;

const MEMBERS: [&str; 2] = [
    concat!(
        "SELECT m.person, e.value, v.cluster, v.version, v.entry_id, v.seal FROM (SELECT x.person FROM ",
        kin!(),
        " AS x (person)) m LEFT JOIN epoch e ON e.scope = ",
        person_scope!(postgresql, "m.person"),
        " LEFT JOIN LATERAL (SELECT y.cluster, y.version, y.entry_id, y.seal FROM person_identity y WHERE y.person = m.person \
         ORDER BY y.version DESC LIMIT 1) v ON true ORDER BY m.person"
    ),
    concat!(
        "WITH m (person) AS ",
        kin!(),
        " SELECT m.person, e.value, v.cluster, v.version, v.entry_id, v.seal FROM m LEFT JOIN epoch e ON e.scope = ",
        person_scope!(sqlite, "m.person"),
        " LEFT JOIN person_identity v ON v.person = m.person \
         AND v.version = (SELECT max(version) FROM person_identity WHERE person = m.person) ORDER BY m.person"
    ),
];

/// One of the persons who are one.
#[derive(Debug, Clone)]
pub struct Member {
    /// The person.
    pub person: PersonId,
    /// The latest version of which cluster it belongs to; 0 where it was never linked.
    version: i64,
    /// The cluster; none where it was never linked.
    cluster: Option<PersonId>,
    /// The epoch of everything about this person.
    epoch: Epoch,
}

/// What an agency has a name for, be it a client or a record.
#[derive(Debug, Clone)]
pub struct Named {
    /// Who has the name.
    pub agency: AgencyId,
    /// Of what.
    pub kind: Kind,
    /// The record; no record where it is a client.
    pub record: RecordId,
    /// Whom it is about.
    pub person: PersonId,
    /// Whether the agency holds the record itself.
    pub is_own: bool,
}

/// All who are one.
#[derive(Debug, Clone)]
pub struct Cluster(Vec<Member>);

impl Cluster {
    /// The persons, in the order of their ids.
    pub fn persons(&self) -> impl Iterator<Item = PersonId> + Clone {
        self.0.iter().map(|member| member.person)
    }

    /// Whether this person is one of them.
    pub fn has(&self, person: PersonId) -> bool {
        self.persons().any(|member| member == person)
    }

    /// What a decision about them rests on.
    pub fn epochs(&self) -> impl Iterator<Item = Epoch> {
        self.0.iter().map(|member| member.epoch.clone())
    }
}

impl Snapshot<'_> {
    /// Who is one with a person, that person included.
    ///
    /// # Errors
    /// When the database fails, or says of one of them what no gateway wrote.
    pub fn cluster_of(&mut self, person: PersonId) -> Result<Cluster, Error> {
        type Bytes = Nullable<Binary>;
        type Columns = (Binary, Nullable<BigInt>, Bytes, Nullable<BigInt>, Bytes, Bytes);
        type Values = (Vec<u8>, Option<i64>, Option<Vec<u8>>, Option<i64>, Option<Vec<u8>>, Option<Vec<u8>>);
        let id = Bind::Bytes(person.as_bytes());
        let sql = self.connection.either(MEMBERS);
        let members = self
            .connection
            .rows::<Columns, Values>(sql, &[id, id])?
            .into_iter()
            .map(|(person, value, cluster, version, entry, seal)| {
                if let (Some(cluster), Some(version), Some(entry)) = (&cluster, version, &entry) {
                    let seal = seal.as_deref().unwrap_or_default();
                    check_identity(self.keys, &person, (version, cluster, entry), seal)?;
                }
                let person = PersonId::from_bytes(id_bytes(&person)?);
                let epoch = Epoch { scope: epoch::person(person), value: value.unwrap_or(0) };
                let cluster =
                    cluster.map(|id| Ok::<_, Error>(PersonId::from_bytes(id_bytes(&id)?))).transpose()?;
                Ok(Member { person, version: version.unwrap_or(0), cluster, epoch })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Cluster(members))
    }

    /// Whether two persons are one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn are_one(&mut self, one: PersonId, other: PersonId) -> Result<bool, Error> {
        // Asked of anybody, so that what is refused costs what is not.
        Ok(self.cluster_of(one)?.has(other))
    }

    /// What an agency calls a person: its reference for that person, or one for somebody who is one with that person.
    ///
    /// # Errors
    /// When the database fails.
    pub fn client_ref_of(&mut self, agency: &AgencyId, person: PersonId) -> Result<Option<Handle>, Error> {
        let id = Bind::Bytes(person.as_bytes());
        let rows = self.connection.rows::<(Binary,), (Vec<u8>,)>(
            concat!(
                "SELECT handle FROM handle WHERE agency = ? AND kind = 'client' AND target IN ",
                kin!(),
                " ORDER BY CASE WHEN target = ? THEN 0 ELSE 1 END, created_us, handle LIMIT 1"
            ),
            &[Bind::Text(agency.as_str()), id, id, id],
        )?;
        rows.into_iter().next().map(|(handle,)| super::handle::handle_bytes(&handle)).transpose()
    }

    /// Whom an agency's reference leads to, of those who are one with a person: the one that it has known longest.
    ///
    /// # Errors
    /// When the database fails.
    pub fn referred_to(&mut self, agency: &AgencyId, person: PersonId) -> Result<Option<PersonId>, Error> {
        let id = Bind::Bytes(person.as_bytes());
        let rows = self.connection.rows::<(Binary,), (Vec<u8>,)>(
            concat!(
                "SELECT target FROM handle WHERE agency = ? AND kind = 'client' AND target IN ",
                kin!(),
                " ORDER BY created_us, handle LIMIT 1"
            ),
            &[Bind::Text(agency.as_str()), id, id],
        )?;
        let target = rows.into_iter().next();
        target.map(|(target,)| Ok(PersonId::from_bytes(id_bytes(&target)?))).transpose()
    }

    /// All that agencies have names for of a person, and of whoever is one with that person, oldest name first. For the rules of the field,
    /// never for a view: who knows a person is told to nobody by this.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn named_of_person<A: Action>(
        &mut self,
        _: &Permit<A>,
        person: PersonId,
    ) -> Result<Vec<Named>, Error> {
        type Values = (String, String, Vec<u8>, Vec<u8>, Option<String>);
        let id = Bind::Bytes(person.as_bytes());
        // Nobody's names, by which one agency's record costs what another's does, belong to no agency.
        let rows = self.connection.rows::<(Text, Text, Binary, Binary, Nullable<Text>), Values>(
            concat!(
                "SELECT h.agency, h.kind, h.target, h.person, r.custodian FROM handle h LEFT JOIN record r ON r.id = h.target \
                 WHERE h.agency IN (SELECT agency FROM agency_version) AND h.person IN ",
                kin!(),
                " ORDER BY h.created_us, h.handle"
            ),
            &[id, id],
        )?;
        let named = |(agency, kind, target, person, custodian): Values| {
            Ok(Named {
                is_own: custodian.as_deref() == Some(&agency),
                agency: agency.parse().map_err(|_| Error::Corrupt("the agency of a name is malformed"))?,
                kind: kind.parse().map_err(|_| Error::Corrupt("a kind is unknown"))?,
                record: RecordId::from_bytes(id_bytes(&target)?),
                person: PersonId::from_bytes(id_bytes(&person)?),
            })
        };
        rows.into_iter().map(named).collect()
    }

    /// The persons of whom it is open whether they are this one: as long as nobody has decided, they may be.
    ///
    /// # Errors
    /// When the database fails.
    pub fn possibly_same(&mut self, person: PersonId) -> Result<Vec<PersonId>, Error> {
        let pairs = self.pairs_of(person)?;
        let cluster = self.cluster_of(person)?;
        let open = pairs.iter().filter(|pair| pair.state == PairState::Open);
        let others: BTreeSet<PersonId> = open.flat_map(|pair| [pair.low, pair.high]).collect();
        Ok(others.into_iter().filter(|other| !cluster.has(*other)).collect())
    }
}

impl Changes {
    /// Makes these persons one, all who are one with them included. Whoever is left out of a cluster must be put into another
    /// with the same change.
    pub fn persons_are_one<'m>(&mut self, keys: &KeyRing, members: impl IntoIterator<Item = &'m Member>) {
        let cluster = PersonId::random();
        for Member { person, version, .. } in members {
            self.identity_put(keys, *person, version.saturating_add(1), cluster);
        }
        // One of those who are parted is no more whom another agency's name led to, and what one of those who are joined forbade is
        // forbidden of all.
        self.scope_changed(epoch::CLOSINGS.to_vec());
    }

    /// Makes a new person one of those who are one. Nothing of theirs is written anew, unless there was only one. What is decided of any of
    /// them rests on each of them, so that one of them has changed for all: however many they are, as much is written. It closes nothing: of
    /// somebody new nobody has forbidden anything yet.
    pub fn person_joins(&mut self, keys: &KeyRing, person: PersonId, others: &Cluster) {
        let cluster = others.into_iter().find_map(|member| member.cluster).unwrap_or_else(PersonId::random);
        match others.into_iter().next() {
            Some(first) if first.cluster.is_none() => self.identity_put(keys, first.person, 1, cluster),
            Some(first) => self.person_changed(first.person),
            None => {}
        }
        self.identity_put(keys, person, 1, cluster);
    }

    fn identity_put(&mut self, keys: &KeyRing, person: PersonId, version: i64, cluster: PersonId) {
        let entry_id = self.entry().as_bytes().to_vec();
        self.note_envelope(
            &[person.as_bytes().as_slice(), &version.to_be_bytes(), cluster.as_bytes()].concat(),
        );
        let seal = identity_seal(keys, person.as_bytes(), version, cluster.as_bytes(), &entry_id);
        self.writes.push(Write::Identity(IdentityRow {
            person: person.as_bytes().to_vec(),
            version,
            cluster: cluster.as_bytes().to_vec(),
            entry_id,
            seal: seal.to_vec(),
        }));
        self.person_changed(person);
    }
}

impl<'c> IntoIterator for &'c Cluster {
    type Item = &'c Member;
    type IntoIter = std::slice::Iter<'c, Member>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
