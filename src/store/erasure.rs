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
use super::record::Kind;
use super::version::HeldVersion;
use super::{Error, Snapshot, epoch, event, id_bytes, task};
use crate::crypto::Token;
use crate::directory::Directory;
use crate::id::{AgencyId, EntryId, Handle, PersonId, RecordId};
use crate::journal::sealed::{Sealed, Version};
use crate::policy::action::{Action, PersonErase};
use crate::policy::permit::Permit;

/// An erasure, prepared: applied by the writer in one transaction with its entry, after all entries of the batch.
#[derive(Debug, Clone)]
pub struct Erasure {
    entry: EntryId,
    /// The person, and all who are one with that person.
    persons: Vec<Leads>,
    custodian: AgencyId,
    handles: Vec<Handle>,
    match_tokens: Vec<Token>,
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
        let mut match_tokens = Vec::new();
        for held in holdings.iter().filter(|held| held.kind == Kind::Client) {
            let rows = self.connection.rows::<(Binary,), (Vec<u8>,)>(
                "SELECT token FROM match_token WHERE record = ?",
                &[Bind::Bytes(held.record.as_bytes())],
            )?;
            for (token,) in rows {
                match_tokens
                    .push(token.as_slice().try_into().map_err(|_| Error::Corrupt("a token is misshapen"))?);
            }
        }
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
            match_tokens,
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
    ) -> Result<Vec<Handle>, Error> {
        let rows = self.connection.rows::<(Binary, Text, Binary), (Vec<u8>, String, Vec<u8>)>(
            concat!("SELECT handle, agency, target FROM handle WHERE person IN ", kin!()),
            &[Bind::Bytes(person.as_bytes()), Bind::Bytes(person.as_bytes())],
        )?;
        let mut handles = Vec::new();
        for (handle, agency, target) in rows {
            let target = RecordId::from_bytes(id_bytes(&target)?);
            if own.contains(&target) || (agency == custodian.as_str() && !kept.contains(&target)) {
                handles.push(Handle::from_bytes(id_bytes(&handle)?));
            }
        }
        Ok(handles)
    }
}

impl Erasure {
    /// What decisions may have rested on that is gone now.
    pub(super) fn bumps(&self) -> impl Iterator<Item = Vec<u8>> {
        let tokens = self.match_tokens.iter().map(|token| epoch::token(token));
        let persons = self.persons.iter().map(|leads| leads.person);
        tokens.chain(persons.flat_map(|person| [epoch::person(person), epoch::erasure(person)]))
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
        Ok(())
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
        for handle in &self.handles {
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
        for token in &self.match_tokens {
            // A counter for a token that no record has would still tell that somebody of that name was known.
            connection.run(
                "DELETE FROM epoch WHERE scope = ? AND NOT EXISTS (SELECT 1 FROM match_token WHERE token = ?)",
                &[Bind::Bytes(&epoch::token(token)), Bind::Bytes(token)],
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
        // An id without anything behind it is kept for nobody, nor with whom it was one.
        connection.run(
            "DELETE FROM person_identity WHERE person = ? AND NOT EXISTS (SELECT 1 FROM record r WHERE r.person = person_identity.person) \
             AND NOT EXISTS (SELECT 1 FROM handle h WHERE h.person = person_identity.person)",
            &[person],
        )?;
        connection.run(
            "DELETE FROM person WHERE id = ? AND NOT EXISTS (SELECT 1 FROM record r WHERE r.person = person.id) \
             AND NOT EXISTS (SELECT 1 FROM handle h WHERE h.person = person.id)",
            &[person],
        )?;
        Ok(())
    }
}
