//! Enrolling, suspending and resuming agencies. A suspension bites on the next answer of every gateway.

use serde::Serialize;
use validator::Validate;

use crate::directory::{Agency, AgencyStatus, Directory};
use crate::id::AgencyId;
use crate::identity::principal::Principal;
use crate::identity::token::check_key;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::DirectoryWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::{Error, Snapshot};

/// Enrols an agency, or replaces what the directory says of it.
pub struct EnrolAgency(pub Agency);

/// Suspends or resumes an agency.
pub struct SetAgencyStatus {
    /// The agency.
    pub agency: AgencyId,
    /// From now on.
    pub status: AgencyStatus,
}

/// The directory says so now.
#[derive(Debug, Serialize)]
pub struct Enrolled {
    /// The agency.
    pub agency: AgencyId,
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
        let Self(agency) = self;
        let gateway = Principal::system(0).map_err(|_| Error::Corrupt("the system's ids are malformed"))?;
        if agency.id == gateway.agency {
            return Err(field("id", "reserved", "is the gateway's own name in the log").into());
        }
        if let Err(errors) = agency.validate() {
            let fields = crate::domain::validation::field_problems(&errors);
            return Err(Problem::fields(ProblemType::MalformedRequest, fields).into());
        }
        if agency.token_keys.iter().any(|key| check_key(key).is_err()) {
            return Err(field("token_keys", "unusable", "has a key that does not fit its algorithm").into());
        }
        let known = tx.directory_read()?;
        let mut agency = agency.clone();
        if let Some(enrolled) = known.agency(&agency.id) {
            // A new version of the file must not let a suspended agency in again by the way, nor give back a power.
            agency.status = enrolled.status;
            agency.break_glass = enrolled.break_glass.clone();
        }
        let others = known.iter().filter(|other| other.id != agency.id);
        Directory::new(0, others.map(|other| (**other).clone()).chain([agency.clone()]))
            .map_err(|_| field("certificates", "taken", "has one that is registered already"))?;
        put(tx, changes, &agency)
    }
}

impl Command for SetAgencyStatus {
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
        let directory = tx.directory_read()?;
        let Some(known) = directory.agency(&self.agency) else {
            return Err(field("agency", "unknown", "is not enrolled").into());
        };
        let agency = Agency { status: self.status, ..(**known).clone() };
        put(tx, changes, &agency)
    }
}

fn put(
    tx: &mut Snapshot<'_>,
    changes: &mut Changes,
    agency: &Agency,
) -> Result<Accepted<Enrolled>, Rejection> {
    let version = tx.agency_version(&agency.id)?.saturating_add(1);
    changes.agency_put(tx, agency, version)?;
    Ok(Accepted {
        status: 200,
        location: None,
        etag: None,
        acknowledgement: Enrolled { agency: agency.id.clone() },
    })
}

fn field(path: &str, code: &'static str, message: &str) -> Problem {
    Problem::field(ProblemType::MalformedRequest, path, code, message)
}
