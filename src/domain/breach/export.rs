//! The task for the units on the street: who is looked for, for what, and by when. Nothing of why it was missed (rule 30).

use std::sync::Arc;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{BreachState, Colour, Statute};
use super::model::BreachRecord;
use super::open::is_none;
use super::states::still_stands;
use crate::calendar::Calendar;
use crate::domain::assessment::model::AssessmentRecord;
use crate::domain::client::{ClientHead, person_in};
use crate::domain::dir::Person;
use crate::domain::fault::to_the_minute;
use crate::domain::minute::Minute;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::BreachRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// `GET /breaches/{id}/task`.
pub struct ExportBreach {
    /// What the agency calls the breach.
    pub id: Handle,
    /// The clocks.
    pub calendar: Arc<Calendar>,
}

/// A task for the units on the street.
#[derive(Serialize, ToSchema)]
pub struct BreachTask {
    /// What the agency calls the breach: the reference of the task.
    #[schema(value_type = String)]
    pub reference: Handle,
    /// Who is looked for, as the agency wrote it down.
    pub person: Person,
    /// The offence.
    pub statute: Statute,
    /// When the appointment was missed.
    pub failed_at: Minute,
    /// How soon.
    pub colour: Colour,
    /// By when: red arrested, amber and green put out for arrest; to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub due: Timestamp,
}

type Beside = (Document<BreachRecord>, Vec<Document<AssessmentRecord>>);
type Read = ((Beside, Segments<ClientHead>), (Handle, Arc<Calendar>));

impl Disclosure for ExportBreach {
    type Action = BreachRead;
    type View = BreachTask;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Breach, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<BreachRead>,
    ) -> Result<Sealed<BreachTask>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a breach without a record"))?;
        let breach = tx.document_read::<_, BreachRecord>(permit, agency, record)?;
        let assessments =
            tx.documents_of_person::<_, AssessmentRecord>(permit, target.person, Kind::Assessment)?;
        let both = breach.with(assessments);
        both.judge(&(), may_go_out).map_err(|against| is_none(&against))?;
        let client = match tx.client_known(agency, target.person)? {
            Some(client) => tx.segments_read::<_, ClientHead>(permit, agency, client, details())?,
            None => tx.segments_unwritten(permit, agency, target.person, ClientHead {}),
        };
        Ok(both.with(client).beside((self.id, self.calendar.clone())).try_view(task)?)
    }
}

/// Name, date of birth and address: what the unit needs to find the person.
fn details() -> SegmentSet {
    SegmentSet::EMPTY.with(Segment::Identity).with(Segment::Contact)
}

/// Whether anybody is to be looked for.
fn may_go_out((breach, assessments): &Beside, (): &()) -> Result<(), Vec<&'static str>> {
    if let Some(of) = assessments.iter().find(|of| of.record == breach.value.assessment) {
        still_stands(&of.value)?;
    }
    match breach.value.state {
        BreachState::Decided | BreachState::PutOut => Ok(()),
        BreachState::Undecided => Err(vec!["no-colour-decided"]),
        BreachState::Arrested
        | BreachState::Charged
        | BreachState::DrugRehabilitationRequirement
        | BreachState::Withdrawn => Err(vec!["nobody-is-looked-for"]),
    }
}

fn task((((breach, _), client), (id, calendar)): &Read) -> Result<BreachTask, Error> {
    let breach = &breach.value;
    let colour = breach.decision().map(|decision| decision.colour);
    Ok(BreachTask {
        reference: *id,
        person: person_in(details(), &client.segments)?,
        statute: breach.statute,
        failed_at: breach.failed_at,
        colour: colour.ok_or(Error::Corrupt("a decided breach without a decision"))?,
        due: breach
            .due(calendar)
            .map(to_the_minute)
            .ok_or(Error::Corrupt("a decided breach without a time"))?,
    })
}
