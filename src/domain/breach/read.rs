//! Reading a breach of the agency's own register.

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{BreachState, BreachTransition, Colour, Statute, WithdrawReason};
use super::model::BreachRecord;
use crate::calendar::Calendar;
use crate::domain::assessment::codes::AppointmentKind;
use crate::domain::fault::to_the_minute;
use crate::domain::minute::Minute;
use crate::id::{Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::BreachRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /breaches/{id}`.
pub struct ReadBreach {
    /// What the agency calls the breach.
    pub id: Handle,
    /// The clocks.
    pub calendar: Arc<Calendar>,
}

/// A breach as its register has it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreachView {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` with the next step.
    pub etag: String,
    /// What the agency calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// Which appointment was missed.
    pub appointment: AppointmentKind,
    /// The offence.
    pub statute: Statute,
    /// When it was missed.
    pub failed_at: Minute,
    /// Where it stands.
    pub state: BreachState,
    /// The steps that are possible.
    pub possible: Vec<BreachTransition>,
    /// How soon it is pursued.
    pub colour: Option<Colour>,
    /// Who decided that.
    pub decided_by: Option<WorkerId>,
    /// The risk to the person, as the decision has it.
    pub risk_to_self: Option<String>,
    /// The risk to others, as the decision has it.
    pub risk_to_others: Option<String>,
    /// By when: red arrested, amber and green put out for arrest; to the minute.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub due: Option<Timestamp>,
    /// When it was put out for arrest.
    pub put_out_at: Option<Minute>,
    /// When the person was arrested.
    pub arrested_at: Option<Minute>,
    /// Why it is not pursued.
    pub withdrawn_because: Option<WithdrawReason>,
    /// The reference of the task at the police's own system.
    pub task_reference: Option<String>,
}

/// What stands beside a breach that is no secret.
type Reader = (Handle, String, Option<Handle>, Arc<Calendar>);

impl Disclosure for ReadBreach {
    type Action = BreachRead;
    type View = BreachView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Breach, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<BreachRead>,
    ) -> Result<Sealed<BreachView>, Rejection> {
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a breach without a record"))?;
        let breach = tx.document_read::<_, BreachRecord>(permit, call.caller.agency(), record)?;
        let etag = breach.etag().unwrap_or_default().to_owned();
        let reader: Reader = (self.id, etag, target.client_ref, self.calendar.clone());
        Ok(breach.beside(reader).view(shown))
    }
}

fn shown((document, (id, etag, client_ref, calendar)): &(Document<BreachRecord>, Reader)) -> BreachView {
    let breach = &document.value;
    let decision = breach.decision();
    BreachView {
        id: *id,
        etag: etag.clone(),
        client_ref: *client_ref,
        appointment: breach.appointment,
        statute: breach.statute,
        failed_at: breach.failed_at,
        state: breach.state,
        possible: BreachTransition::possible(breach.state).collect(),
        colour: decision.map(|decision| decision.colour),
        decided_by: decision.map(|decision| decision.by.clone()),
        risk_to_self: decision.map(|decision| decision.risk_to_self.clone()),
        risk_to_others: decision.map(|decision| decision.risk_to_others.clone()),
        due: breach.due(calendar).map(to_the_minute),
        put_out_at: breach.put_out_at,
        arrested_at: breach.arrested_at,
        withdrawn_because: breach.withdrawn_because,
        task_reference: breach.task_reference.clone(),
    }
}
