//! Taking back the consent to a national return, at any agency whose client the person is.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{ReturnConsentRecord, TakenBack};
use crate::domain::consent::codes::WithdrawalChannel;
use crate::domain::dir::NationalDataset;
use crate::id::{Handle, PersonId, RecordId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::ConsentWithdraw;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::EventType;

/// That somebody takes it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnWithdrawal {
    /// How she said so.
    pub channel: WithdrawalChannel,
    /// From which return; left out, from each.
    pub dataset: Option<NationalDataset>,
}

/// `POST /clients/{ref}/return-consents/withdrawal`.
pub struct WithdrawFromReturn {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What she said.
    pub withdrawal: ReturnWithdrawal,
}

/// What there was to take back is taken back; whether there was anything is not told.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnWithdrawn {
    /// The agency's own reference for the person.
    #[schema(value_type = String)]
    pub client_ref: Handle,
}

impl Command for WithdrawFromReturn {
    type Action = ConsentWithdraw;
    type Acknowledgement = ReturnWithdrawn;
    // Whether there was anything to take back must not show in the time that the answer takes.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConsentWithdraw>,
        changes: &mut Changes,
    ) -> Result<Accepted<ReturnWithdrawn>, Rejection> {
        let (principal, person) = (worker(call)?, target_of(permit)?.person);
        let taken_back = TakenBack {
            by: (principal.agency.clone(), principal.worker.clone()),
            at: changes.now(),
            channel: self.withdrawal.channel,
        };
        take_back(tx, permit, changes, person, &(taken_back, self.withdrawal.dataset))?;
        Ok(Accepted {
            status: 200,
            location: None,
            etag: None,
            acknowledgement: ReturnWithdrawn { client_ref: self.client_ref },
        })
    }
}

/// Writes the next version of each of her consents to this return, or to any, wherever it was taken down, and tells the other agencies that
/// make one.
pub(in crate::domain) fn take_back(
    tx: &mut Snapshot<'_>,
    permit: &Permit<ConsentWithdraw>,
    changes: &mut Changes,
    person: PersonId,
    taken_back: &(TakenBack, Option<NationalDataset>),
) -> Result<(), Error> {
    let consents = tx.documents_of_person::<_, ReturnConsentRecord>(permit, person, Kind::ReturnConsent)?;
    for held in tx.versions_of_person(person, Kind::ReturnConsent)? {
        let Ok(next) = consents.revise(&(held.record, taken_back), after) else { continue };
        changes.document_put(tx, &held.next(), &next)?;
        if held.custodian != taken_back.0.by.0
            && let Some(client) = tx.client_ref_of(&held.custodian, held.person)?
        {
            let path = format!("/v1/clients/{client}/return-consents");
            changes.notify(&held.custodian, EventType::ConsentWithdrawn, path);
        }
    }
    Ok(())
}

#[allow(clippy::ptr_arg, reason = "the form of a revision of what is sealed")]
fn after(
    consents: &Vec<Document<ReturnConsentRecord>>,
    (record, (taken_back, from)): &(RecordId, &(TakenBack, Option<NationalDataset>)),
) -> Result<ReturnConsentRecord, ()> {
    let consent = consents.iter().find(|consent| consent.record == *record).ok_or(())?;
    let is_meant = from.is_none_or(|dataset| dataset == consent.value.dataset);
    consent.value.taken_back(taken_back).filter(|_| is_meant).ok_or(())
}
