//! Reading an agency's own release plans, with who receives, what may go wrong, and whether care went on.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::asking::is_agreed_for;
use super::gate::{ReceiverView, ReleaseWarning, receiver, warnings};
use super::pick_up::PickUpRecord;
use super::plan::{Continuity, ReleasePlanRecord, ReleasePlanned, ReleaseState, ReleaseStep};
use crate::calendar::Calendar;
use crate::directory::Directory;
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle, RecordId};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::ReleaseRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `GET /clients/{ref}/release-plans`.
pub struct ListReleasePlans {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// Working days and civil time.
    pub calendar: Arc<Calendar>,
    /// Whose directory says who receives.
    pub journal: Journal,
}

/// `GET /release-plans/{id}`.
pub struct ReadReleasePlan {
    /// What the agency calls it.
    pub id: Handle,
    /// Working days and civil time.
    pub calendar: Arc<Calendar>,
    /// Whose directory says who receives.
    pub journal: Journal,
}

/// A release plan as its agency sees it.
#[derive(Serialize, ToSchema)]
pub struct ReleasePlanView {
    /// What the agency calls it.
    pub id: Handle,
    /// What to send as `If-Match` with the next change.
    pub etag: String,
    /// Where it stands.
    pub state: ReleaseState,
    /// The steps that are possible.
    pub possible: Vec<ReleaseStep>,
    /// What is planned.
    pub planned: ReleasePlanned,
    /// Who receives the person; none if the directory does not know it any more.
    pub receiver: Option<ReceiverView>,
    /// What may go wrong, until the person is released.
    pub warnings: Vec<ReleaseWarning>,
    /// The day on which the person left.
    #[schema(value_type = Option<String>, format = Date)]
    pub released_on: Option<Date>,
    /// The day of the first appointment that was kept.
    #[schema(value_type = Option<String>, format = Date)]
    pub attended_on: Option<Date>,
    /// The days of those that were not.
    #[schema(value_type = Vec<String>)]
    pub missed_on: Vec<Date>,
    /// The day until which the first appointment counts as care that went on.
    #[schema(value_type = String, format = Date)]
    pub continuity_until: Date,
    /// Whether care went on; nothing where there was no release.
    pub continuity: Option<Continuity>,
    /// When it was last written, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
}

/// A client's release plans at the agency, oldest first.
#[derive(Serialize, ToSchema)]
pub struct ReleasePlanList {
    /// The plans.
    pub release_plans: Vec<ReleasePlanView>,
}

/// What stands beside a plan that is no secret.
#[derive(Clone)]
struct Beside {
    agency: AgencyId,
    directory: Arc<Directory>,
    calendar: Arc<Calendar>,
    now: Timestamp,
}

/// A plan's handle and the `ETag` of its version.
type Named = (Handle, String);
type Read = (Vec<Document<ReleasePlanRecord>>, Vec<Document<PickUpRecord>>);

impl Disclosure for ListReleasePlans {
    type Action = ReleaseRead;
    type View = ReleasePlanList;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReleaseRead>,
    ) -> Result<Sealed<ReleasePlanList>, Rejection> {
        let (agency, person) = (call.caller.agency(), target_of(permit)?.person);
        let (mut named, mut records) = (Vec::new(), Vec::new());
        for listed in tx.handles_of_person(agency, Kind::ReleasePlan, person)? {
            let record = RecordId::from_bytes(listed.target);
            let version = tx.latest_version(record)?;
            named.push((listed.handle, tx.etag(agency, record, version)));
            records.push(record);
        }
        let plans = tx.documents_listed::<_, ReleasePlanRecord>(permit, records)?;
        let pick_ups = tx.documents_of_person::<_, PickUpRecord>(permit, person, Kind::PickUp)?;
        let beside = beside(agency, &self.journal, &self.calendar);
        Ok(plans.with(pick_ups).beside((named, beside)).view(list))
    }
}

impl Disclosure for ReadReleasePlan {
    type Action = ReleaseRead;
    type View = ReleasePlanView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::ReleasePlan, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReleaseRead>,
    ) -> Result<Sealed<ReleasePlanView>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a release plan without a record"))?;
        let plan = tx.document_read::<_, ReleasePlanRecord>(permit, agency, record)?;
        let pick_ups = tx.documents_of_person::<_, PickUpRecord>(permit, target.person, Kind::PickUp)?;
        let named = (self.id, plan.etag().unwrap_or_default().to_owned());
        let beside = beside(agency, &self.journal, &self.calendar);
        Ok(plan
            .with(pick_ups)
            .beside((named, beside))
            .view(|((plan, pick_ups), (named, beside))| view(plan, pick_ups, named, beside)))
    }
}

fn beside(agency: &AgencyId, journal: &Journal, calendar: &Arc<Calendar>) -> Beside {
    Beside {
        agency: agency.clone(),
        directory: journal.directory(),
        calendar: calendar.clone(),
        now: journal.now(),
    }
}

fn list(((plans, pick_ups), (named, beside)): &(Read, (Vec<Named>, Beside))) -> ReleasePlanList {
    let views = plans.iter().zip(named).map(|(plan, named)| view(plan, pick_ups, named, beside));
    ReleasePlanList { release_plans: views.collect() }
}

fn view(
    document: &Document<ReleasePlanRecord>,
    pick_ups: &[Document<PickUpRecord>],
    (id, etag): &Named,
    beside: &Beside,
) -> ReleasePlanView {
    let Beside { agency, directory, calendar, now } = beside;
    let plan = &document.value;
    let receives = directory.agency(plan.planned.receiver.as_ref().unwrap_or(agency));
    let agreed = is_agreed_for(pick_ups, document.record);
    let is_ahead = plan.state == ReleaseState::Planned;
    ReleasePlanView {
        id: *id,
        etag: etag.clone(),
        state: plan.state,
        possible: plan.possible().collect(),
        planned: plan.planned.clone(),
        receiver: receives.map(|agency| receiver(&plan.planned, agency, calendar)),
        warnings: receives
            .filter(|_| is_ahead)
            .map_or_else(Vec::new, |agency| warnings(&plan.planned, agency, calendar, *now, agreed)),
        released_on: plan.released_on,
        attended_on: plan.attended_on,
        missed_on: plan.missed_on.clone(),
        continuity_until: plan.continuity_until(),
        continuity: plan.continuity(calendar.date_of(*now)),
        recorded_at: to_the_minute(
            Timestamp::from_microsecond(document.recorded_us).unwrap_or(Timestamp::MIN),
        ),
    }
}
