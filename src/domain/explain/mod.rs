//! Explaining decisions to those who answer for them: this principal, this action, a person so and so, this purpose. About nobody.

mod explanation;

pub use explanation::{ChangeExplained, PolicyAsked, PolicyExplained, PolicyNamed};

use std::sync::Arc;

use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::PolicyExplain;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;

/// `POST /policy/explain`.
pub struct ExplainPolicy {
    /// What is supposed.
    pub asked: Arc<PolicyAsked>,
    /// Where the policies are.
    pub journal: Journal,
}

impl Disclosure for ExplainPolicy {
    type Action = PolicyExplain;
    type View = PolicyExplained;

    fn subject(&self) -> Subject {
        Subject::Nobody
    }

    fn read(
        &self,
        _tx: &mut Snapshot<'_>,
        _call: &Call,
        permit: &Permit<PolicyExplain>,
    ) -> Result<Sealed<PolicyExplained>, Rejection> {
        Ok(Sealed::new(permit, self.asked.explained_by(self.journal.policies())))
    }
}
