//! Reading the agency's own outreach contacts with a client: those from before she gave her name too, once she let them be joined.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{ContactRecord, OutreachContact};
use crate::domain::fault::to_the_minute;
use crate::id::{Handle, RecordId, WorkerId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::OutreachRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};

/// `GET /clients/{ref}/outreach-contacts`.
pub struct ListContacts(pub Handle);

/// The agency's own outreach contacts with a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct OutreachList {
    /// The contacts, in the order in which they were entered.
    pub contacts: Vec<ContactView>,
}

/// A contact as the agency reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactView {
    /// What was noted.
    #[serde(flatten)]
    pub contact: OutreachContact,
    /// Who noted it.
    #[schema(value_type = String)]
    pub by: WorkerId,
    /// When it was entered, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
}

impl Disclosure for ListContacts {
    type Action = OutreachRead;
    type View = OutreachList;

    fn subject(&self) -> Subject {
        Subject::Client(self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<OutreachRead>,
    ) -> Result<Sealed<OutreachList>, Rejection> {
        let (agency, person) = (call.caller.agency(), target_of(permit)?.person);
        let listed = tx.handles_of_person(agency, Kind::OutreachContact, person)?;
        let records = listed.into_iter().map(|listed| RecordId::from_bytes(listed.target));
        Ok(tx.documents_listed::<_, ContactRecord>(permit, records)?.map(list))
    }
}

fn list(contacts: Vec<Document<ContactRecord>>) -> OutreachList {
    let shown = |document: Document<ContactRecord>| ContactView {
        contact: document.value.contact,
        by: document.value.by,
        recorded_at: to_the_minute(document.value.recorded_at),
    };
    OutreachList { contacts: contacts.into_iter().map(shown).collect() }
}
