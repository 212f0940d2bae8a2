//! Reading what a client told the agency itself about national returns.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::ReturnConsentRecord;
use crate::calendar::Calendar;
use crate::domain::dir::NationalDataset;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::ConsentRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{ByHandle, Kind};

/// `GET /clients/{ref}/return-consents`.
pub struct ReadReturnConsents {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What day it is.
    pub calendar: Arc<Calendar>,
    /// The present moment.
    pub now: Timestamp,
}

/// What a client told the agency about national returns.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnConsentList {
    /// Her consents, oldest first; those that are over, too.
    pub consents: Vec<ReturnConsentView>,
}

/// A consent to a national return, as the agency reads it that took it down.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnConsentView {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// For which return.
    pub dataset: NationalDataset,
    /// The day on which she ticked the box.
    #[schema(value_type = String, format = Date)]
    pub signed_on: Date,
    /// The last day on which it counts.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
    /// Whether it counts now. Where she took it back, it is not told.
    pub in_force: bool,
}

impl Disclosure for ReadReturnConsents {
    type Action = ConsentRead;
    type View = ReturnConsentList;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConsentRead>,
    ) -> Result<Sealed<ReturnConsentList>, Rejection> {
        let (agency, person) = (call.caller.agency(), target_of(permit)?.person);
        let listed = tx.handles_of_person(agency, Kind::ReturnConsent, person)?;
        let consents = tx.documents_of_handles::<_, ReturnConsentRecord>(permit, &listed)?;
        Ok(consents.beside(self.calendar.date_of(self.now)).view(list))
    }
}

fn list((consents, today): &(ByHandle<ReturnConsentRecord>, Date)) -> ReturnConsentList {
    let consents = consents.iter().map(|(id, document)| ReturnConsentView {
        id: *id,
        dataset: document.value.dataset,
        signed_on: document.value.signed_on,
        until: document.value.last_day(),
        in_force: document.value.is_in_force(*today),
    });
    ReturnConsentList { consents: consents.collect() }
}
