//! Making a policy set the active one: from then on a gateway that runs another answers 503.

use serde::Serialize;

use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::PolicyWrite;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;

/// `throughgate migrate`.
pub struct ActivatePolicies {
    /// The hash of the set, which must be the one that this process runs.
    pub hash: String,
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
        _tx: &mut Snapshot<'_>,
        _call: &Call,
        _permit: &Permit<PolicyWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Activated>, Rejection> {
        changes.policy_set_activate(&self.hash);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: Activated { policy_set: self.hash.clone() },
        })
    }
}
