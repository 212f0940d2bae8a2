//! Saying of a consent that nobody takes back that it is over: what it names as its end has come, or it was recorded in error.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::EndCause;
use super::effects::{Clocks, Closing, is_active};
use super::model::{ConsentRecord, EndGiven};
use super::read::{consent_target, no_party};
use super::why::Why;
use super::withdraw::worker_of;
use crate::domain::referral::resting::SeenByRoute;
use crate::id::{AgencyId, Handle};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::policy::action::ConsentWithdraw;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::Changes;
use crate::store::facts::Subject;
use crate::store::record::{Document, Kind};

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
        let by = worker_of(call)?;
        let (target, record) = consent_target(permit)?;
        let consent = tx.document_read::<_, ConsentRecord>(permit, &by.0, record)?;
        consent.judge(&(by.0.clone(), self.given.because), may_say)?;
        require_version(call, &consent)?;
        consent.judge(&(), |consent, ()| is_active(&consent.value))?;
        let closing = Closing {
            why: Why::Over(self.given.clone(), record),
            by: by.clone(),
            now: changes.now(),
            clocks: self.clocks.clone(),
            seen: SeenByRoute::under(self.journal.policies()),
        };
        closing.carry_out(tx, permit, changes, target.person, &self.journal.directory())?;
        let version = tx.latest_version(record)?.saturating_add(1);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(&by.0, record, version)),
            acknowledgement: ConsentOver { consent_id: self.consent },
        })
    }
}

/// Whether an agency may say so: that the event has come, each that the consent names; that it was an error, the one that took it.
fn may_say(
    consent: &Document<ConsentRecord>,
    (agency, because): &(AgencyId, EndCause),
) -> Result<(), Problem> {
    if !consent.value.is_party(agency) {
        return Err(no_party());
    }
    match because {
        EndCause::EnteredInError if consent.value.agency != *agency => {
            Err(Problem::because(ProblemType::InvalidTransition, "not-this-side"))
        }
        EndCause::EventHasCome | EndCause::EnteredInError => Ok(()),
    }
}
