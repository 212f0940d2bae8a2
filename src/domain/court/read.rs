//! Reading where somebody goes from court: who is told, and who told it; each segment as far as it may be.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::codes::{CourtOutcome, ResponsibleBody};
use super::model::{Decided, DestinationRecord, Sat, TOLD, Who};
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::DestinationRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::Segment;

/// `GET /destinations/{id}`.
pub struct ReadDestination(pub Handle);

/// Where somebody goes from court. What the reader may not know is not there, and is named in `withheld`.
#[derive(Debug, Serialize, ToSchema)]
pub struct DestinationView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// The name to call the person by.
    pub name: Option<String>,
    /// When the person was born.
    #[schema(value_type = Option<String>, format = Date)]
    pub date_of_birth: Option<Date>,
    /// The day on which the court sat.
    #[schema(value_type = Option<String>, format = Date)]
    pub court_on: Option<Date>,
    /// What it decided.
    pub outcome: Option<CourtOutcome>,
    /// Who answers for the person's care from then on.
    pub responsible: Option<ResponsibleBody>,
    /// The prison.
    pub prison: Option<String>,
    /// The next hearing, or the day of release.
    #[schema(value_type = Option<String>, format = Date)]
    pub next_on: Option<Date>,
    /// Who told it.
    #[schema(value_type = String)]
    pub from: AgencyId,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub told_at: Timestamp,
    /// What of it policy withholds from this reader.
    pub withheld: Vec<Segment>,
}

impl Disclosure for ReadDestination {
    type Action = DestinationRead;
    type View = DestinationView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Destination, self.0)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DestinationRead>,
    ) -> Result<Sealed<DestinationView>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a destination without a record"))?;
        let told = tx.segments_read::<_, DestinationRecord>(permit, agency, record, permit.released())?;
        Ok(told.beside((self.0, target.client_ref)).try_view(shown)?)
    }
}

fn shown(
    (told, (id, client_ref)): &(Segments<DestinationRecord>, (Handle, Option<Handle>)),
) -> Result<DestinationView, Error> {
    let who: Option<Who> = told.part(Segment::Identity)?;
    let sat: Option<Sat> = told.part(Segment::Attendance)?;
    let decided: Option<Decided> = told.part(Segment::Offending)?;
    let (name, date_of_birth) = who.map(|who| (who.name, who.date_of_birth)).unzip();
    let outcome = decided.as_ref().map(|decided| decided.outcome);
    let next_on = decided.as_ref().and_then(|decided| decided.next_on);
    Ok(DestinationView {
        id: *id,
        client_ref: *client_ref,
        name,
        date_of_birth,
        court_on: sat.map(|sat| sat.court_on),
        outcome,
        responsible: outcome.map(CourtOutcome::responsible),
        prison: decided.and_then(|decided| decided.prison),
        next_on,
        from: told.head.by.0.clone(),
        told_at: to_the_minute(told.head.at),
        withheld: told.withheld.intersection(TOLD).iter().collect(),
    })
}
