//! Recording that somebody ticked the box for the national return.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::ReturnConsentRecord;
use crate::calendar::Calendar;
use crate::domain::dir::NationalDataset;
use crate::domain::validation::plausible_date;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::ReturnAgree;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};

/// That somebody ticked the box for a national return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnConsented {
    /// For which return. The box of each is its own.
    pub dataset: NationalDataset,
    /// The day on which she ticked it. It counts for twelve months; then she is asked again.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = String, format = Date)]
    pub signed_on: Date,
}

/// `POST /clients/{ref}/return-consents`.
pub struct AgreeToReturn {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What she ticked.
    pub consented: ReturnConsented,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// It is written down.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnAgreed {
    /// What the agency calls this consent.
    #[schema(value_type = String)]
    pub id: Handle,
    /// The last day on which it counts.
    #[schema(value_type = String, format = Date)]
    pub until: Date,
}

/// What is asked of the consents that there are.
struct Again {
    agency: AgencyId,
    dataset: NationalDataset,
    today: Date,
}

impl Command for AgreeToReturn {
    type Action = ReturnAgree;
    type Acknowledgement = ReturnAgreed;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReturnAgree>,
        changes: &mut Changes,
    ) -> Result<Accepted<ReturnAgreed>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let ReturnConsented { dataset, signed_on } = self.consented;
        let today = self.calendar.date_of(changes.now());
        let consent = ReturnConsentRecord {
            dataset,
            signed_on,
            by: (principal.worker.clone(), changes.now()),
            ended: None,
        };
        if !consent.is_in_force(today) {
            let message = "must be today or lie in the last twelve months";
            return Err(
                Problem::field(ProblemType::UnprocessableDocument, "signed_on", "rule", message).into()
            );
        }
        let again = Again { agency: agency.clone(), dataset, today };
        tx.documents_of_person::<_, ReturnConsentRecord>(permit, person, Kind::ReturnConsent)?
            .judge(&again, is_new)
            .map_err(|()| Problem::because(ProblemType::InvalidTransition, "agreed-already"))?;
        let version = NewVersion::first(Kind::ReturnConsent, person, agency);
        let until = consent.last_day();
        changes.document_put_sent(tx, &version, &consent)?;
        let id = changes.handle_new(agency, &version);
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/clients/{}/return-consents", self.client_ref)),
            etag: None,
            acknowledgement: ReturnAgreed { id, until },
        })
    }
}

/// Whether the agency has none of hers yet that counts, under any reference that it has for her: she is in a return once. What she told others
/// is theirs.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_new(consents: &Vec<Document<ReturnConsentRecord>>, again: &Again) -> Result<(), ()> {
    let is_there = consents.iter().any(|consent| {
        consent.custodian == again.agency
            && consent.value.dataset == again.dataset
            && consent.value.is_in_force(again.today)
    });
    if is_there { Err(()) } else { Ok(()) }
}
