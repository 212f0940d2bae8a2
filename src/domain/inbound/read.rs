//! Reading who was sent in: the service that received it, and nobody else.

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{InboundOutcome, Led};
use super::model::InboundRecord;
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::InboundRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /inbound-referrals/{id}`.
pub struct ReadInbound(pub Handle);

/// Who was sent in.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboundView {
    /// What the service calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the service calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// Who sent it.
    #[schema(value_type = String)]
    pub from: AgencyId,
    /// What led to it.
    pub led: Led,
    /// The name to call the person by; not where the person took back what it was sent by.
    pub name: Option<String>,
    /// How the person said that she may be reached.
    pub reach: Option<String>,
    /// When it came, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub came_at: Timestamp,
    /// What became of it, once somebody said so.
    pub outcome: Option<InboundOutcome>,
    /// Whether the person took back what it was sent by, before she was reached.
    pub withdrawn: bool,
}

impl Disclosure for ReadInbound {
    type Action = InboundRead;
    type View = InboundView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::InboundReferral, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<InboundRead>,
    ) -> Result<Sealed<InboundView>, Rejection> {
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("what was sent in without a record"))?;
        let came = tx.document_read::<_, InboundRecord>(permit, call.caller.agency(), record)?;
        Ok(came.beside((self.0, target.client_ref)).view(shown))
    }
}

fn shown((document, (id, client_ref)): &(Document<InboundRecord>, (Handle, Option<Handle>))) -> InboundView {
    let came = &document.value;
    InboundView {
        id: *id,
        client_ref: *client_ref,
        from: came.from.clone(),
        led: came.led,
        name: came.withdrawn_at.is_none().then(|| came.name.clone()),
        reach: came.reach.clone(),
        came_at: to_the_minute(came.at),
        outcome: came.answered.as_ref().map(|answered| answered.outcome),
        withdrawn: came.withdrawn_at.is_some(),
    }
}
