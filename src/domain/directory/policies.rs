//! Making a policy set the active one: from then on a gateway that runs another set discloses nothing.

use serde::Serialize;

use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::PolicyWrite;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::setting::ACTIVE_POLICY_SET;

/// Activates the policy set that the permit was decided by: a process can activate only the set that it runs.
pub struct ActivatePolicies;

/// The set is active.
#[derive(Debug, Serialize)]
pub struct Activated {
    /// SHA-256 of the set, lower-case hexadecimal.
    pub policy_set: String,
    /// Whether another set, or none, was active before.
    pub changed: bool,
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
        permit: &Permit<PolicyWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Activated>, Rejection> {
        let policy_set = permit.grounds().policy_set.clone();
        let changed = tx.setting(ACTIVE_POLICY_SET)?.as_deref() != Some(policy_set.as_str());
        if changed {
            changes.policy_set_activate(&policy_set);
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: Activated { policy_set, changed },
        })
    }
}
