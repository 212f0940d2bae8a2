//! Several records at once: a person's documents of a kind, those behind an agency's handles, and who holds them.

use diesel::sql_types::{Binary, Text};
use serde::de::DeserializeOwned;

use super::backend::Bind;
use super::handle::{Listed, handle_bytes};
use super::identity::kin;
use super::record::{BODY, ByHandle, Document, Kind, document};
use super::{Error, Snapshot, id_bytes};
use crate::id::{AgencyId, Handle, PersonId, RecordId};
use crate::journal::sealed::Sealed;
use crate::policy::action::Action;
use crate::policy::permit::Permit;

impl Snapshot<'_> {
    /// All of a person's documents of a kind, oldest first, each at its latest version, whoever is one with that person included.
    ///
    /// # Errors
    /// When the database fails.
    pub fn documents_of_person<A: Action, T: DeserializeOwned>(
        &mut self,
        permit: &Permit<A>,
        person: PersonId,
        kind: Kind,
    ) -> Result<Sealed<Vec<Document<T>>>, Error> {
        let documents =
            self.bodies_of_person(person, kind)?.into_iter().map(document).collect::<Result<Vec<_>, _>>()?;
        Ok(Sealed::new(permit, documents))
    }

    /// Several documents, each at its latest version, in the order of the list: what the reader has handles for.
    ///
    /// # Errors
    /// When the database fails, or a record has no version.
    pub fn documents_listed<A: Action, T: DeserializeOwned>(
        &mut self,
        permit: &Permit<A>,
        records: impl IntoIterator<Item = RecordId>,
    ) -> Result<Sealed<Vec<Document<T>>>, Error> {
        let mut documents = Vec::new();
        for record in records {
            let part = self
                .parts(record, |name| name == BODY)?
                .pop()
                .ok_or(Error::Corrupt("a record has no version"))?;
            documents.push(document(part)?);
        }
        Ok(Sealed::new(permit, documents))
    }

    /// The documents behind these handles of the reader's, each at its latest version, in their order.
    ///
    /// # Errors
    /// When the database fails, or a record has no version.
    pub fn documents_of_handles<A: Action, T: DeserializeOwned>(
        &mut self,
        permit: &Permit<A>,
        handles: &[Listed],
    ) -> Result<Sealed<ByHandle<T>>, Error> {
        let documents = handles
            .iter()
            .map(|listed| {
                let part = self
                    .body(RecordId::from_bytes(listed.target))?
                    .ok_or(Error::Corrupt("a record has no version"))?;
                Ok((listed.handle, document(part)?))
            })
            .collect::<Result<Vec<_>, Error>>()?;
        Ok(Sealed::new(permit, documents))
    }

    /// A person's records of a kind with the agency that holds each, oldest first. For the rules of the field, never for a
    /// view: who works with a person is told to nobody by this.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn custodians_of_person<A: Action>(
        &mut self,
        _: &Permit<A>,
        person: PersonId,
        kind: Kind,
    ) -> Result<Vec<(RecordId, AgencyId)>, Error> {
        self.connection
            .rows::<(Binary, Text), (Vec<u8>, String)>(
                concat!(
                    "SELECT id, custodian FROM record WHERE kind = ? AND person IN ",
                    kin!(),
                    " ORDER BY created_us, id"
                ),
                &[Bind::Text(kind.code()), Bind::Bytes(person.as_bytes()), Bind::Bytes(person.as_bytes())],
            )?
            .into_iter()
            .map(|(id, custodian)| {
                let custodian =
                    custodian.parse().map_err(|_| Error::Corrupt("a custodian's id is malformed"))?;
                Ok((RecordId::from_bytes(id_bytes(&id)?), custodian))
            })
            .collect()
    }

    /// What each agency that knows of a record calls it. To tell them that it has changed, never for a view.
    ///
    /// # Errors
    /// When the database fails.
    pub(crate) fn handles_of_record(
        &mut self,
        kind: Kind,
        record: RecordId,
        person: PersonId,
    ) -> Result<Vec<(AgencyId, Handle)>, Error> {
        let rows = self.connection.rows::<(Text, Binary), (String, Vec<u8>)>(
            "SELECT agency, handle FROM handle WHERE person = ? AND kind = ? AND target = ? ORDER BY agency",
            &[Bind::Bytes(person.as_bytes()), Bind::Text(kind.code()), Bind::Bytes(record.as_bytes())],
        )?;
        rows.into_iter()
            .map(|(agency, handle)| {
                let agency = agency.parse().map_err(|_| Error::Corrupt("an agency's id is malformed"))?;
                Ok((agency, handle_bytes(&handle)?))
            })
            .collect()
    }

    /// The agencies that hold records of a kind about a person, in order. For decisions on them.
    pub(crate) fn writers_of_person(&mut self, person: PersonId, kind: Kind) -> Result<Vec<AgencyId>, Error> {
        let rows = self.connection.rows::<(Text,), (String,)>(
            concat!(
                "SELECT DISTINCT custodian FROM record WHERE kind = ? AND person IN ",
                kin!(),
                " ORDER BY custodian"
            ),
            &[Bind::Text(kind.code()), Bind::Bytes(person.as_bytes()), Bind::Bytes(person.as_bytes())],
        )?;
        rows.into_iter()
            .map(|(custodian,)| {
                custodian.parse().map_err(|_| Error::Corrupt("a custodian's id is malformed"))
            })
            .collect()
    }
}
