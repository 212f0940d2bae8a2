//! Erasing a person at one custodian, with all who are one with that person: what goes, what it bumps, and the statements that take it away.
//!
//! Gone are the custodian's records of the person with all their versions, everybody's handles for those records and the
//! custodian's own for the person, with the events that lead to any of them and the tasks about them, the match tokens, the person's data key at that custodian, and, of the log, the person's part
//! of the entries under that key with the index rows that lead from the person to them. The rows go, not only the key: a
//! ciphertext that nothing opens would still tell that there was a record, when, and how long it was. Leaves, hashes and tiles
//! are never touched: what was signed stays as it is, and the commitments in it can no longer be tested, because the seed of
//! their salts was in the part that is gone.

use std::collections::BTreeSet;

use diesel::sql_types::{BigInt, Binary, Text};

use super::backend::{AnyConnection, Bind};
use super::entry_part::{party_token, person_token};
use super::identity::kin;
use super::keys::{NOBODY, ServiceKey};
use super::version::HeldVersion;
use super::{Error, Snapshot, epoch, event, id_bytes, task};
use crate::crypto::Token;
use crate::directory::Directory;
use crate::id::{AgencyId, EntryId, Handle, PersonId, RecordId};
use crate::journal::sealed::{Sealed, Version};
use crate::policy::action::{Action, PersonErase};
use crate::policy::permit::Permit;

/// In how many client records anybody stands who is one with a person. While there is one, what holds them together stays: else what one
/// agency erases would part whom others present, or leave them joined by nothing that the desk could undo.
const PRESENTED: &str =
    concat!("SELECT count(*) FROM record c WHERE c.kind = 'client' AND c.person IN ", kin!());

/// Of whom something is known beside a person.
const BESIDE: &str =
    "SELECT high FROM match_pair WHERE low = ? UNION SELECT low FROM match_pair WHERE high = ?";

/// The cases of the matching desk about a person.
macro_rules! cases {
    () => {
        "(SELECT m.id FROM match_pair p JOIN record m ON m.id = p.record AND m.kind = 'match' WHERE p.low = ? \
          UNION SELECT m.id FROM match_pair p JOIN record m ON m.id = p.record AND m.kind = 'match' WHERE p.high = ?)"
    };
}

macro_rules! handles_of_cases {
    () => {
        concat!(
            "(SELECT h.handle FROM record r JOIN handle h ON h.person = r.person AND h.kind = 'match' AND h.target = r.id \
             WHERE r.id IN ",
            cases!(),
            ")"
        )
    };
}

/// What goes with those of whom nobody presents any more.
const CASES_GO: [&str; 5] = [
    concat!("DELETE FROM task WHERE record IN ", cases!()),
    concat!("DELETE FROM event WHERE handle IN ", handles_of_cases!()),
    concat!("DELETE FROM handle WHERE handle IN ", handles_of_cases!()),
    concat!("DELETE FROM record_version WHERE record IN ", cases!()),
    concat!("DELETE FROM record WHERE id IN ", cases!()),
];

/// And what was known of two of whom one is such a person, unless an agency joined them itself and has its record of that still.
macro_rules! pairs_go {
    ($side:literal) => {
        concat!(
            "DELETE FROM match_pair WHERE ",
            $side,
            " = ? AND NOT EXISTS (SELECT 1 FROM match_pair q JOIN record r ON r.id = q.record \
             WHERE q.low = match_pair.low AND q.high = match_pair.high)"
        )
    };
}

const PAIRS_GO: [&str; 2] = [pairs_go!("low"), pairs_go!("high")];

macro_rules! gone {
    ($what:literal) => {
        concat!(
            "DELETE FROM ",
            $what,
            " = ? AND NOT EXISTS (SELECT 1 FROM record r WHERE r.person = ?) AND NOT EXISTS (SELECT 1 FROM handle h WHERE h.person = ?) \
             AND NOT EXISTS (SELECT 1 FROM match_pair p WHERE p.low = ? OR p.high = ?)"
        )
    };
}

/// An id without anything behind it is kept for nobody, nor with whom it was one.
const PERSON_GOES: [&str; 2] = [gone!("person_identity WHERE person"), gone!("person WHERE id")];

/// Everybody's handles about those who are one with a person, and for what the agency holds of them: of that, another agency's may bear
/// a person of its own, who is no longer one with them.
const HANDLES: &str = concat!(
    "SELECT handle, agency, target, person FROM handle WHERE person IN ",
    kin!(),
    " UNION SELECT h.handle, h.agency, h.target, h.person FROM record r CROSS JOIN (SELECT DISTINCT agency FROM agency_version) a \
     JOIN handle h ON h.agency = a.agency AND h.kind = r.kind AND h.target = r.id WHERE r.custodian = ? AND r.person IN ",
    kin!()
);

/// An erasure, prepared: applied by the writer in one transaction with its entry, after all entries of the batch.
#[derive(Debug, Clone)]
pub struct Erasure {
    entry: EntryId,
    /// The person, and all who are one with that person.
    persons: Vec<Leads>,
    custodian: AgencyId,
    /// What leads nowhere then, and about whom it is.
    handles: Vec<(Handle, PersonId)>,
}

/// How the log leads from a person.
#[derive(Debug, Clone)]
struct Leads {
    person: PersonId,
    /// The tokens of the log that lead from the person: hers, and hers with each agency of the directory.
    all: Vec<Token>,
    /// That of them under which the custodian's own entries from before it had a key are found.
    own: Token,
}

/// What an agency holds of a person: its own records at their latest versions.
pub type Holdings = Vec<HeldVersion>;

impl Snapshot<'_> {
    /// What the reader itself holds of a person. Its `ETag` changes with each version of any of these records, and with nothing
    /// that others do to theirs.
    ///
    /// # Errors
    /// When the database fails.
    pub fn holdings_read<A: Action>(
        &mut self,
        permit: &Permit<A>,
        reader: &AgencyId,
        person: PersonId,
    ) -> Result<Sealed<Holdings>, Error> {
        let holdings = self.holdings(person, reader)?;
        let versions: Vec<[u8; 24]> = holdings
            .iter()
            .map(|held| {
                let mut bytes = [0; 24];
                let (record, version) = bytes.split_at_mut(16);
                record.copy_from_slice(held.record.as_bytes());
                version.copy_from_slice(&held.version.to_be_bytes());
                bytes
            })
            .collect();
        let versions = versions.concat();
        let token = self
            .keys
            .index()
            .token("etag/holdings", &[reader.as_str().as_bytes(), person.as_bytes(), &versions]);
        let etag = format!("\"{}\"", Handle::from_bytes(token));
        Ok(Sealed::new(permit, holdings).at_version(Version { etag, label: None }))
    }

    fn holdings(&mut self, person: PersonId, custodian: &AgencyId) -> Result<Holdings, Error> {
        let rows = self.connection.rows::<(Binary, Binary, Text, BigInt), (Vec<u8>, Vec<u8>, String, i64)>(
            concat!(
                "SELECT r.id, r.person, r.kind, max(v.version) FROM record r \
                     JOIN record_version v ON v.record = r.id WHERE r.custodian = ? AND r.person IN ",
                kin!(),
                " GROUP BY r.id, r.person, r.kind, r.created_us ORDER BY r.created_us, r.id"
            ),
            &[Bind::Text(custodian.as_str()), Bind::Bytes(person.as_bytes()), Bind::Bytes(person.as_bytes())],
        )?;
        rows.into_iter()
            .map(|(record, person, kind, version)| {
                Ok(HeldVersion {
                    record: RecordId::from_bytes(id_bytes(&record)?),
                    kind: kind.parse().map_err(|_| Error::Corrupt("a kind is unknown"))?,
                    person: PersonId::from_bytes(id_bytes(&person)?),
                    custodian: custodian.clone(),
                    version,
                })
            })
            .collect()
    }

    /// Prepares the erasure of what the permitted agency holds of a person. `kept` are referrals of others whose handles stay,
    /// because their going would tell the agency whom they are about.
    ///
    /// # Errors
    /// When the database fails, or the permit is about nobody.
    pub fn erasure_prepare(
        &mut self,
        permit: &Permit<PersonErase>,
        entry: EntryId,
        kept: &BTreeSet<RecordId>,
        directory: &Directory,
    ) -> Result<Erasure, Error> {
        let target = permit.target().ok_or(Error::Corrupt("an erasure of nobody"))?;
        let (person, custodian) = (target.person, target.custodian.clone());
        let holdings = self.holdings(person, &custodian)?;
        let own: BTreeSet<RecordId> = holdings.iter().map(|held| held.record).collect();
        let leads_from = |person| {
            let mut all = vec![person_token(self.keys, person)];
            all.extend(directory.iter().map(|agency| party_token(self.keys, person, &agency.id)));
            Leads { person, all, own: party_token(self.keys, person, &custodian) }
        };
        let persons = self.cluster_of(person)?.persons().map(leads_from).collect();
        Ok(Erasure {
            entry,
            persons,
            handles: self.handles_to_erase(person, &custodian, &own, kept)?,
            custodian,
        })
    }

    /// The handles that would lead nowhere: everybody's for the agency's own records, and the agency's for the person and for
    /// what others hold of her.
    fn handles_to_erase(
        &mut self,
        person: PersonId,
        custodian: &AgencyId,
        own: &BTreeSet<RecordId>,
        kept: &BTreeSet<RecordId>,
    ) -> Result<Vec<(Handle, PersonId)>, Error> {
        let (person, holder) = (Bind::Bytes(person.as_bytes()), Bind::Text(custodian.as_str()));
        type Values = (Vec<u8>, String, Vec<u8>, Vec<u8>);
        let rows = self.connection.rows::<(Binary, Text, Binary, Binary), Values>(
            HANDLES,
            &[person, person, holder, person, person],
        )?;
        let mut handles = Vec::new();
        for (handle, agency, target, person) in rows {
            let target = RecordId::from_bytes(id_bytes(&target)?);
            if own.contains(&target) || (agency == custodian.as_str() && !kept.contains(&target)) {
                let person = PersonId::from_bytes(id_bytes(&person)?);
                handles.push((Handle::from_bytes(id_bytes(&handle)?), person));
            }
        }
        Ok(handles)
    }
}

impl Erasure {
    /// What decisions may have rested on that is gone now.
    pub(super) fn bumps(&self) -> impl Iterator<Item = Vec<u8>> {
        let persons = self.persons.iter().map(|leads| leads.person);
        let erased = persons.flat_map(|person| [epoch::person(person), epoch::erasure(person)]);
        let named = self.handles.iter().map(|(_, person)| epoch::person(*person));
        erased.chain(named).chain([epoch::CLOSINGS.to_vec()])
    }

    /// Takes it all away. Within the writer's transaction, once the entries of the batch are in the log: what the batch itself
    /// says of the person goes with the rest, this erasure's own entry included.
    pub(crate) fn apply(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        for leads in &self.persons {
            self.erase_entries(connection, leads)?;
        }
        self.erase_handles_and_tokens(connection)?;
        for leads in &self.persons {
            self.erase_records(connection, leads.person)?;
        }
        // Whom nobody presents any more is found while it is known who is one with whom. What joins two may be a record of either, so
        // that all are gone by now.
        let unpresented = self.unpresented(connection)?;
        for person in &unpresented {
            for sql in CASES_GO {
                connection.run(sql, &[Bind::Bytes(person.as_bytes()); 2])?;
            }
        }
        for person in &unpresented {
            for sql in PAIRS_GO {
                connection.run(sql, &[Bind::Bytes(person.as_bytes())])?;
            }
        }
        let own = self.persons.iter().map(|leads| leads.person);
        for person in unpresented.into_iter().chain(own) {
            for sql in PERSON_GOES {
                connection.run(sql, &[Bind::Bytes(person.as_bytes()); 5])?;
            }
        }
        Ok(())
    }

    /// Those of whom nobody presents anybody who is one with them, with those beside them to whom that applies as well: an id of whom
    /// everything was erased while others stayed goes with the last of them.
    fn unpresented(&self, connection: &mut AnyConnection) -> Result<BTreeSet<PersonId>, Error> {
        let mut unpresented = BTreeSet::new();
        let mut next: Vec<PersonId> = self.persons.iter().map(|leads| leads.person).collect();
        while let Some(person) = next.pop() {
            let id = Bind::Bytes(person.as_bytes());
            let records = connection.rows::<(BigInt,), (i64,)>(PRESENTED, &[id, id])?;
            if records.into_iter().any(|(records,)| records > 0) || !unpresented.insert(person) {
                continue;
            }
            for (beside,) in connection.rows::<(Binary,), (Vec<u8>,)>(BESIDE, &[id, id])? {
                next.push(PersonId::from_bytes(id_bytes(&beside)?));
            }
        }
        Ok(unpresented)
    }

    /// Empties the person's part of the entries under the person's key at the custodian, and takes away what leads to them.
    fn erase_entries(&self, connection: &mut AnyConnection, leads: &Leads) -> Result<(), Error> {
        let entry = Bind::Bytes(self.entry.as_bytes());
        // What the custodian did before it had written anything of the person is under nobody's key.
        let under: [(Option<&Token>, &[u8], &str); 2] = [
            (leads.all.first(), leads.person.as_bytes(), self.custodian.as_str()),
            (Some(&leads.own), &NOBODY, ServiceKey::AuditNobody.custodian()),
        ];
        for (lead, owner, custodian) in under {
            connection.run(
                "UPDATE audit_private SET person_key = ?, person_part = ?, erased_by = ? \
                 WHERE idx IN (SELECT idx FROM audit_index WHERE token = ?) \
                 AND person_key = (SELECT id FROM data_key WHERE owner = ? AND custodian = ?)",
                &[
                    Bind::Bytes(&[]),
                    Bind::Bytes(&[]),
                    entry,
                    Bind::Bytes(lead.map_or(&[], |lead| lead)),
                    Bind::Bytes(owner),
                    Bind::Text(custodian),
                ],
            )?;
        }
        for lead in &leads.all {
            connection.run(
                "DELETE FROM audit_index WHERE token = ? AND EXISTS \
                 (SELECT 1 FROM audit_private p WHERE p.idx = audit_index.idx AND p.erased_by = ?)",
                &[Bind::Bytes(lead), entry],
            )?;
        }
        Ok(())
    }

    fn erase_handles_and_tokens(&self, connection: &mut AnyConnection) -> Result<(), Error> {
        for (handle, _) in &self.handles {
            connection.run("DELETE FROM handle WHERE handle = ?", &[Bind::Bytes(handle.as_bytes())])?;
            event::erase(connection, handle)?;
        }
        for Leads { person, .. } in &self.persons {
            task::erase(connection, *person, &self.custodian)?;
            connection.run(
                "DELETE FROM match_token WHERE record IN (SELECT id FROM record WHERE person = ? AND custodian = ?)",
                &[Bind::Bytes(person.as_bytes()), Bind::Text(self.custodian.as_str())],
            )?;
        }
        Ok(())
    }

    fn erase_records(&self, connection: &mut AnyConnection, person: PersonId) -> Result<(), Error> {
        let (person, custodian) = (Bind::Bytes(person.as_bytes()), Bind::Text(self.custodian.as_str()));
        connection.run(
            "DELETE FROM record_version WHERE record IN (SELECT id FROM record WHERE person = ? AND custodian = ?)",
            &[person, custodian],
        )?;
        connection.run("DELETE FROM record WHERE person = ? AND custodian = ?", &[person, custodian])?;
        connection.run("DELETE FROM data_key WHERE owner = ? AND custodian = ?", &[person, custodian])?;
        Ok(())
    }
}
