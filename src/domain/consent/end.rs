//! Saying of a consent that nobody takes back that it is over: what it names as its end has come, which who may give
//! under it may say, or it was recorded in error, which is for the one to say that took it.

use serde::Serialize;
use utoipa::ToSchema;

use super::effects::Clocks;
use super::ending::end_one;
use super::model::EndGiven;
use super::why::Why;
use crate::id::Handle;
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::policy::action::ConsentWithdraw;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::record::Kind;

/// `POST /consents/{id}/ending`.
pub struct EndConsent {
    /// The agency's handle.
    pub consent: Handle,
    /// What the worker recorded.
    pub given: EndGiven,
    /// Working days and clocks.
    pub clocks: Clocks,
    /// Knows the directory.
    pub journal: Journal,
}

/// The consent is over.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConsentOver {
    /// The agency's own handle for the consent.
    #[schema(value_type = String)]
    pub consent_id: Handle,
}

impl Command for EndConsent {
    type Action = ConsentWithdraw;
    type Acknowledgement = ConsentOver;
    // How many referrals there are to cancel must not show in the time that the answer takes.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Consent, self.consent)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConsentWithdraw>,
        changes: &mut Changes,
    ) -> Result<Accepted<ConsentOver>, Rejection> {
        let within = (&self.clocks, &self.journal);
        let etag =
            end_one(tx, call, permit, changes, within, |consent| Why::Over(self.given.clone(), consent))?;
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(etag),
            acknowledgement: ConsentOver { consent_id: self.consent },
        })
    }
}
