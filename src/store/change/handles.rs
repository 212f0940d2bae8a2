//! The handles that a change makes: what each agency will call what it comes to know of.

use super::{Changes, NewVersion};
use crate::id::{AgencyId, Handle, PersonId};
use crate::store::handle::HandleRow;
use crate::store::record::Kind;
use crate::store::write::Write;
use crate::store::{Error, Snapshot};

/// Who have the handles that lead nowhere: no agency's id begins so.
const NO_AGENCY: &str = "*";
/// How many rows are written for each agency that is asked: its handle, the event, and the task.
const ROWS_OF_ONE_ASKED: usize = 3;

impl Changes {
    /// What an agency will call a record or a client: its handle for it, or a new one.
    ///
    /// # Errors
    /// When the database fails.
    pub fn handle_for(
        &mut self,
        tx: &mut Snapshot<'_>,
        agency: &AgencyId,
        kind: Kind,
        target: &[u8; 16],
        person: PersonId,
    ) -> Result<Handle, Error> {
        if let Some(known) = tx.handle_of(agency, kind, target)? {
            return Ok(known);
        }
        let prepared = self.writes.iter().find_map(|write| match write {
            Write::Handle(row)
                if row.agency == agency.as_str() && row.kind == kind.code() && row.target == target =>
            {
                <[u8; 16]>::try_from(row.value.as_slice()).ok()
            }
            _ => None,
        });
        if let Some(bytes) = prepared {
            return Ok(Handle::from_bytes(bytes));
        }
        Ok(self.handle_put(agency.as_str(), kind, target, person))
    }

    /// Makes sure that an agency has a reference of its own for a person of whom it is told something. One by which it knows anybody who
    /// is one with her is enough.
    ///
    /// # Errors
    /// When the database fails.
    pub fn client_make_known(
        &mut self,
        tx: &mut Snapshot<'_>,
        agency: &AgencyId,
        person: PersonId,
    ) -> Result<(), Error> {
        if tx.handles_of_person(agency, Kind::Client, person)?.is_empty() {
            self.handle_for(tx, agency, Kind::Client, person.as_bytes(), person)?;
        }
        Ok(())
    }

    /// What the custodian will call the record of this version.
    ///
    /// # Errors
    /// When the database fails.
    pub fn own_handle(&mut self, tx: &mut Snapshot<'_>, version: &NewVersion) -> Result<Handle, Error> {
        let NewVersion { record, kind, person, custodian, .. } = version;
        self.handle_for(tx, custodian, *kind, record.as_bytes(), *person)
    }

    /// What an agency will call a record that this change makes: nobody can have a handle for it yet, so none is looked for, and
    /// one agency more that comes to know of it costs no question to the store.
    pub fn handle_new(&mut self, agency: &AgencyId, version: &NewVersion) -> Handle {
        self.handle_put(agency.as_str(), version.kind, version.record.as_bytes(), version.person)
    }

    /// Rows of nobody's in place of those of so many agencies that are told of the record, so that a record which one agency alone
    /// knows of costs what one costs that others are asked about. They go with the record.
    pub fn decoys(&mut self, version: &NewVersion, agencies: usize) {
        for number in 0..agencies.saturating_mul(ROWS_OF_ONE_ASKED) {
            let nobody = format!("{NO_AGENCY}{number}");
            self.handle_put(&nobody, version.kind, version.record.as_bytes(), version.person);
        }
    }

    fn handle_put(&mut self, agency: &str, kind: Kind, target: &[u8; 16], person: PersonId) -> Handle {
        let new = Handle::random();
        self.writes.push(Write::Handle(HandleRow {
            value: new.as_bytes().to_vec(),
            agency: agency.to_owned(),
            kind: kind.code().to_owned(),
            target: target.to_vec(),
            person: person.as_bytes().to_vec(),
            created_us: self.now.as_microsecond(),
        }));
        new
    }
}
