//! Making a policy set the active one: from then on a gateway that runs another answers 503.

use std::fmt;

use serde::Serialize;

use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::PolicyWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;

/// `throughgate migrate`.
#[derive(Debug, Clone)]
pub struct ActivatePolicies {
    /// The hash of the set, which is the one that this process runs.
    hash: String,
    /// Its version, where it is one that was signed.
    version: Option<u64>,
}

impl ActivatePolicies {
    /// The set that this process runs.
    pub fn of(journal: &Journal) -> Self {
        let bundle = journal.policies().bundle();
        Self { hash: bundle.hash().to_owned(), version: bundle.version() }
    }

    /// The call under which it is made active: an auditor finds in its reason which set that was.
    pub fn call(&self, journal: &Journal) -> Call {
        let call = Call::system("activate_policies", journal.directory().epoch());
        Call { reason_text: Some(self.to_string()), ..call }
    }
}

impl fmt::Display for ActivatePolicies {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "policy set {}", self.hash)?;
        self.version.map_or(Ok(()), |version| write!(f, ", version {version}"))
    }
}

/// It is active.
#[derive(Debug, Serialize)]
pub struct Activated {
    /// The hash of the set.
    pub policy_set: String,
}

impl Command for ActivatePolicies {
    type Action = PolicyWrite;
    type Acknowledgement = Activated;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<PolicyWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Activated>, Rejection> {
        if let Some(version) = self.version {
            let active = tx.signed_policy_set()?;
            if active.is_some_and(|active| !active.admits(version, &self.hash)) {
                let older = "a newer version was made active before";
                return Err(Problem::field(ProblemType::MalformedRequest, "version", "older", older).into());
            }
        }
        changes.policy_set_activate(&self.hash, self.version);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: Activated { policy_set: self.hash.clone() },
        })
    }
}
