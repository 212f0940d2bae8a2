//! Enrolling an agency, or writing a new version of one that is enrolled.

use serde::Serialize;

use crate::directory::{Agency, AgencyStatus, Directory, DirectoryFault};
use crate::id::AgencyId;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::DirectoryWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;

/// An agency as the operator describes it, its form already checked.
pub struct EnrolAgency(pub Agency);

/// The agency is in the directory.
#[derive(Debug, Serialize)]
pub struct Enrolled {
    /// Its id.
    pub agency: AgencyId,
    /// The version that was written, from 1.
    pub version: i64,
    /// Whether it takes part.
    pub status: AgencyStatus,
}

impl Command for EnrolAgency {
    type Action = DirectoryWrite;
    type Acknowledgement = Enrolled;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<DirectoryWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Enrolled>, Rejection> {
        if self.0.id == AgencyId::operator() {
            let problem = ProblemType::UnprocessableDocument;
            return Err(Problem::field(problem, "id", "reserved", "is the gateway's own name in the log").into());
        }
        let known = tx.directory_read()?;
        let mut agency = self.0.clone();
        if let Some(enrolled) = known.agency(&agency.id) {
            // A new version of the file must not let a suspended agency in again by the way.
            agency.status = enrolled.status;
        }
        let others = known
            .iter()
            .filter(|other| other.id != agency.id)
            .map(|other| (**other).clone());
        Directory::new(0, others.chain([agency.clone()])).map_err(clash)?;
        let version = tx.agency_version(&agency.id)?.saturating_add(1);
        changes.agency_put(tx, &agency, version)?;
        Ok(Accepted {
            status: if version == 1 { 201 } else { 200 },
            location: None,
            etag: None,
            acknowledgement: Enrolled {
                agency: agency.id,
                version,
                status: agency.status,
            },
        })
    }
}

fn clash(fault: DirectoryFault) -> Problem {
    let (path, message) = match fault {
        DirectoryFault::DuplicateAgency => ("id", "is another agency's"),
        DirectoryFault::DuplicateCertificate => ("certificates", "one is registered already"),
    };
    Problem::field(ProblemType::UnprocessableDocument, path, "taken", message)
}
