//! Handles: what each agency calls a client or a record. Random, its own, made when it first comes to know of it.

use std::collections::BTreeMap;

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Nullable, Text};

use super::backend::Bind;
use super::identity::{check_identity, join_kin, kin};
use super::record::Kind;
use super::schema::handle;
use super::{Error, Snapshot, epoch, id_bytes};
use crate::crypto::KeyRing;
use crate::id::{AgencyId, Handle, PersonId};
use crate::policy::facts::Epoch;

/// A handle as it is stored.
#[derive(Debug, Clone, Insertable)]
#[diesel(table_name = handle, treat_none_as_default_value = false)]
pub struct HandleRow {
    pub(crate) value: Vec<u8>,
    pub(crate) agency: String,
    pub(crate) kind: String,
    pub(crate) target: Vec<u8>,
    pub(crate) person: Vec<u8>,
    pub(crate) created_us: i64,
}

/// What a handle of the asking agency leads to.
#[derive(Debug, Clone, Copy)]
pub struct Found {
    /// The record, or the person where the handle is a client's.
    pub target: [u8; 16],
    /// The person.
    pub person: PersonId,
}

/// One handle of a list, with the place of the next page.
#[derive(Debug, Clone, Copy)]
pub struct Listed {
    /// The reader's handle.
    pub handle: Handle,
    /// The record.
    pub target: [u8; 16],
    /// The person whom it is about.
    pub person: PersonId,
    /// When the reader came to know of it, in microseconds since the epoch: the order of the list.
    pub created_us: i64,
}

const SENT_PAGE: &str = "SELECT h.handle, h.target, h.person, h.created_us FROM handle h JOIN record r ON r.id = h.target \
     WHERE h.agency = ? AND h.kind = 'referral' AND r.custodian = ? \
     AND (h.created_us > ? OR (h.created_us = ? AND h.handle > ?)) ORDER BY h.created_us, h.handle LIMIT ?";

const RECEIVED_PAGE: &str = "SELECT h.handle, h.target, h.person, h.created_us FROM handle h JOIN record r ON r.id = h.target \
     WHERE h.agency = ? AND h.kind = 'referral' AND r.custodian <> ? \
     AND (h.created_us > ? OR (h.created_us = ? AND h.handle > ?)) ORDER BY h.created_us, h.handle LIMIT ?";

/// What a handle leads to, and all that a decision asks of it first, from one statement.
#[derive(Debug, Clone)]
pub(crate) struct Followed {
    /// `None` where the agency has no such handle.
    pub(crate) found: Option<Found>,
    /// The agency that holds the record; `None` for a client.
    pub(crate) custodian: Option<AgencyId>,
    /// What the agency calls the person: the reference for that very person first, then those for who is one with that person.
    pub(crate) client_refs: Vec<Handle>,
    /// The epochs of the directory, the policy set, the person, and all who are one with that person.
    pub(crate) epochs: Vec<Epoch>,
}

pub(super) type FollowedColumns = (
    Nullable<Binary>,
    Nullable<Binary>,
    Nullable<Text>,
    Nullable<Binary>,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<BigInt>,
    Nullable<Binary>,
    Nullable<LinkColumns>,
);
pub(super) type FollowedValues = (
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<String>,
    Option<Vec<u8>>,
    Option<i64>,
    Option<i64>,
    Option<i64>,
    Option<Vec<u8>>,
    Option<LinkValues>,
);
/// What says that a person is one with others: version, cluster, entry and seal.
type LinkColumns = (BigInt, Binary, Binary, Binary);
type LinkValues = (i64, Vec<u8>, Vec<u8>, Vec<u8>);

macro_rules! person_scope {
    (postgresql, $person:literal) => {
        concat!("'\\x70'::bytea || ", $person)
    };
    (sqlite, $person:literal) => {
        concat!("CAST('p' || ", $person, " AS BLOB)")
    };
}
pub(super) use person_scope;

/// A statement that follows handles, in the words of one store: `$from` gives the handles that agencies ask by, as `q (handle, agency)`,
/// `$more` columns and `$joins` come along. It has a row for each handle and each person
/// who is one with the handle's, and one for a handle that nobody has, so that this costs what another's does.
macro_rules! follow {
    ($store:ident, $from:expr, $kind:expr, $more:expr, $joins:expr) => {
        concat!(
            "SELECT h.target, h.person, o.custodian, c.handle, (SELECT value FROM epoch WHERE scope = ?), \
             (SELECT value FROM epoch WHERE scope = ?), e.value, coalesce(k.person, h.person), \
             k.version, k.cluster, k.entry_id, k.seal",
            $more,
            " FROM ",
            $from,
            " LEFT JOIN handle h ON h.handle = q.handle AND h.agency = q.agency AND h.kind = ",
            $kind,
            " LEFT JOIN record o ON o.id = h.target",
            join_kin!($store, "h.person"),
            " LEFT JOIN epoch e ON e.scope = ",
            person_scope!($store, "coalesce(k.person, h.person)"),
            " LEFT JOIN handle c ON c.agency = h.agency AND c.kind = 'client' AND c.target = coalesce(k.person, h.person)",
            $joins
        )
    };
}
pub(super) use follow;

const ONE: [&str; 2] = [
    follow!(postgresql, "(SELECT ?::bytea AS handle, ? AS agency) AS q", "?", "", ""),
    follow!(sqlite, "(SELECT ? AS handle, ? AS agency) AS q", "?", "", ""),
];

/// Reads what such a statement answered about one handle. What no gateway wrote makes nobody one with anybody.
pub(super) fn followed(
    keys: &KeyRing,
    rows: impl IntoIterator<Item = FollowedValues>,
) -> Result<Followed, Error> {
    let mut rows = rows.into_iter().peekable();
    let (target, person, custodian, _, directory, policy, ..) =
        rows.peek().cloned().ok_or(Error::Corrupt("a statement that always has a row had none"))?;
    let found = match (target, person) {
        (Some(target), Some(person)) => {
            Some(Found { target: id_bytes(&target)?, person: PersonId::from_bytes(id_bytes(&person)?) })
        }
        _ => None,
    };
    let person = found.map_or_else(PersonId::random, |found| found.person);
    let (mut client_refs, mut of_members) = (Vec::new(), BTreeMap::from([(person, 0)]));
    for (_, _, _, client_ref, _, _, value, member, link) in rows {
        if let (Some(member), Some((version, cluster, entry, seal))) = (&member, &link) {
            check_identity(keys, member, (*version, cluster, entry), seal)?;
        }
        let member = member.as_deref().map(id_bytes).transpose()?.map_or(person, PersonId::from_bytes);
        of_members.insert(member, value.unwrap_or(0));
        let client_ref = client_ref.as_deref().map(handle_bytes).transpose()?;
        client_refs.extend(client_ref.map(|client_ref| (member != person, member, client_ref)));
    }
    client_refs.sort();
    client_refs.dedup();
    let mut epochs = vec![
        Epoch { scope: epoch::DIRECTORY.to_vec(), value: directory.unwrap_or(0) },
        Epoch { scope: epoch::POLICY.to_vec(), value: policy.unwrap_or(0) },
    ];
    epochs
        .extend(of_members.into_iter().map(|(member, value)| Epoch { scope: epoch::person(member), value }));
    Ok(Followed {
        found,
        custodian: custodian
            .map(|custodian| custodian.parse().map_err(|_| Error::Corrupt("a custodian's id is malformed")))
            .transpose()?,
        client_refs: client_refs.into_iter().map(|(_, _, client_ref)| client_ref).collect(),
        epochs,
    })
}

/// A handle as a column has it.
pub(super) fn handle_bytes(column: &[u8]) -> Result<Handle, Error> {
    Ok(Handle::from_bytes(id_bytes(column)?))
}

impl Snapshot<'_> {
    /// Follows a handle, which counts only for the agency that it belongs to.
    pub(crate) fn handle_follow(
        &mut self,
        agency: &AgencyId,
        kind: Kind,
        handle: Handle,
    ) -> Result<Followed, Error> {
        let binds = [
            Bind::Bytes(epoch::DIRECTORY),
            Bind::Bytes(epoch::POLICY),
            Bind::Bytes(handle.as_bytes()),
            Bind::Text(agency.as_str()),
            Bind::Text(kind.code()),
        ];
        let sql = self.connection.either(ONE);
        followed(self.keys, self.connection.rows::<FollowedColumns, FollowedValues>(sql, &binds)?)
    }

    /// Follows a handle, which counts only for the agency that it belongs to.
    ///
    /// # Errors
    /// When the database fails.
    pub fn handle_find(
        &mut self,
        agency: &AgencyId,
        kind: Kind,
        handle: Handle,
    ) -> Result<Option<Found>, Error> {
        let row = self
            .connection
            .rows::<(Binary, Binary), (Vec<u8>, Vec<u8>)>(
                "SELECT target, person FROM handle WHERE handle = ? AND agency = ? AND kind = ?",
                &[Bind::Bytes(handle.as_bytes()), Bind::Text(agency.as_str()), Bind::Text(kind.code())],
            )?
            .pop();
        row.map(|(target, person)| {
            Ok(Found { target: id_bytes(&target)?, person: PersonId::from_bytes(id_bytes(&person)?) })
        })
        .transpose()
    }

    /// What an agency calls a record or a client, if it knows of it.
    ///
    /// # Errors
    /// When the database fails.
    pub fn handle_of(
        &mut self,
        agency: &AgencyId,
        kind: Kind,
        target: &[u8; 16],
    ) -> Result<Option<Handle>, Error> {
        let row = self
            .connection
            .rows::<(Binary,), (Vec<u8>,)>(
                "SELECT handle FROM handle WHERE agency = ? AND kind = ? AND target = ?",
                &[Bind::Text(agency.as_str()), Bind::Text(kind.code()), Bind::Bytes(target)],
            )?
            .pop();
        row.map(|(handle,)| Ok(Handle::from_bytes(id_bytes(&handle)?))).transpose()
    }

    /// The handles that an agency holds for one person's records of a kind, oldest first, whoever is one with that person
    /// included.
    ///
    /// # Errors
    /// When the database fails.
    pub fn handles_of_person(
        &mut self,
        agency: &AgencyId,
        kind: Kind,
        person: PersonId,
    ) -> Result<Vec<Listed>, Error> {
        let rows = self.connection.rows::<ListedColumns, ListedValues>(
            concat!(
                "SELECT handle, target, person, created_us FROM handle \
                 WHERE agency = ? AND kind = ? AND person IN ",
                kin!(),
                " ORDER BY created_us, handle"
            ),
            &[
                Bind::Text(agency.as_str()),
                Bind::Text(kind.code()),
                Bind::Bytes(person.as_bytes()),
                Bind::Bytes(person.as_bytes()),
            ],
        )?;
        rows.into_iter().map(listed).collect()
    }

    /// When the agency came to know of what a handle leads to, in microseconds since the epoch: its place in
    /// [`Self::handles_page`], so that a cursor can be the handle alone and tell no time.
    ///
    /// # Errors
    /// When the database fails.
    pub fn handle_place(
        &mut self,
        agency: &AgencyId,
        kind: Kind,
        handle: Handle,
    ) -> Result<Option<i64>, Error> {
        let row = self
            .connection
            .rows::<(BigInt,), (i64,)>(
                "SELECT created_us FROM handle WHERE handle = ? AND agency = ? AND kind = ?",
                &[Bind::Bytes(handle.as_bytes()), Bind::Text(agency.as_str()), Bind::Text(kind.code())],
            )?
            .pop();
        Ok(row.map(|(created_us,)| created_us))
    }

    /// A page of all handles of a kind that an agency holds, oldest first, after `after_us`.
    ///
    /// # Errors
    /// When the database fails.
    pub fn handles_page(
        &mut self,
        agency: &AgencyId,
        kind: Kind,
        after: (i64, Handle),
        limit: i64,
    ) -> Result<Vec<Listed>, Error> {
        let (after_us, after_handle) = after;
        let rows = self.connection.rows::<ListedColumns, ListedValues>(
            "SELECT handle, target, person, created_us FROM handle WHERE agency = ? AND kind = ? \
             AND (created_us > ? OR (created_us = ? AND handle > ?)) ORDER BY created_us, handle LIMIT ?",
            &[
                Bind::Text(agency.as_str()),
                Bind::Text(kind.code()),
                Bind::Int(after_us),
                Bind::Int(after_us),
                Bind::Bytes(after_handle.as_bytes()),
                Bind::Int(limit),
            ],
        )?;
        rows.into_iter().map(listed).collect()
    }

    /// A page of the referrals that an agency sent (`outgoing`) or received, oldest first, after the one that `after` names.
    /// `None` if that is not one of its own.
    ///
    /// # Errors
    /// When the database fails.
    pub fn referrals_page(
        &mut self,
        agency: &AgencyId,
        outgoing: bool,
        after: Option<Handle>,
        limit: i64,
    ) -> Result<Option<Vec<Listed>>, Error> {
        let agency = Bind::Text(agency.as_str());
        let (after_us, after) = match after {
            None => (i64::MIN, Handle::from_bytes([0; 16])),
            Some(handle) => {
                let known = self
                    .connection
                    .rows::<(BigInt,), (i64,)>(
                        "SELECT created_us FROM handle WHERE handle = ? AND agency = ? AND kind = 'referral'",
                        &[Bind::Bytes(handle.as_bytes()), agency],
                    )?
                    .pop();
                match known {
                    Some((created_us,)) => (created_us, handle),
                    None => return Ok(None),
                }
            }
        };
        let page = if outgoing { SENT_PAGE } else { RECEIVED_PAGE };
        let rows = self.connection.rows::<ListedColumns, ListedValues>(
            page,
            &[
                agency,
                agency,
                Bind::Int(after_us),
                Bind::Int(after_us),
                Bind::Bytes(after.as_bytes()),
                Bind::Int(limit),
            ],
        )?;
        rows.into_iter().map(listed).collect::<Result<_, _>>().map(Some)
    }
}

pub(super) type ListedColumns = (Binary, Binary, Binary, BigInt);
pub(super) type ListedValues = (Vec<u8>, Vec<u8>, Vec<u8>, i64);

pub(super) fn listed((handle, target, person, created_us): ListedValues) -> Result<Listed, Error> {
    Ok(Listed {
        handle: Handle::from_bytes(id_bytes(&handle)?),
        target: id_bytes(&target)?,
        person: PersonId::from_bytes(id_bytes(&person)?),
        created_us,
    })
}
