//! Suspending an agency and letting it in again. It bites at the next request, on every gateway of the deployment.

use serde::Serialize;

use crate::directory::{Agency, AgencyStatus};
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

/// Whether an agency takes part from now on.
pub struct SetAgencyStatus {
    /// The agency.
    pub agency: AgencyId,
    /// Its status from now on.
    pub status: AgencyStatus,
}

/// The status is set.
#[derive(Debug, Serialize)]
pub struct StatusSet {
    /// The agency.
    pub agency: AgencyId,
    /// Its status now.
    pub status: AgencyStatus,
}

impl Command for SetAgencyStatus {
    type Action = DirectoryWrite;
    type Acknowledgement = StatusSet;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<DirectoryWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<StatusSet>, Rejection> {
        let directory = tx.directory_read()?;
        let Some(agency) = directory.agency(&self.agency) else {
            return Err(Problem::because(ProblemType::NotFoundOrNotPermitted, "no-such-agency").into());
        };
        if agency.status == self.status {
            return Err(Problem::new(ProblemType::InvalidTransition).into());
        }
        let changed = Agency {
            status: self.status,
            ..(**agency).clone()
        };
        let version = tx.agency_version(&self.agency)?.saturating_add(1);
        changes.agency_put(tx, &changed, version)?;
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: StatusSet {
                agency: self.agency.clone(),
                status: self.status,
            },
        })
    }
}
