//! Writing down a care plan, and reading an episode's plans: the person's own, so that it can be given to the person.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::EpisodeRecord;
use super::open::unprocessable;
use super::plan::{Agreement, CarePlanRecord, CarePlanWritten};
use crate::calendar::Calendar;
use crate::domain::dir::{CarePlanDomain, CarePlanItem};
use crate::domain::fault::to_the_minute;
use crate::id::{Handle, RecordId, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::{EpisodeRead, ReviewWrite};
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `POST /caseload-episodes/{id}/care-plans`.
pub struct PlanCare {
    /// What the agency calls the episode.
    pub id: Handle,
    /// The plan.
    pub written: CarePlanWritten,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// The plan is on record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Planned {
    /// What the agency calls the plan.
    pub id: Handle,
}

impl Command for PlanCare {
    type Action = ReviewWrite;
    type Acknowledgement = Planned;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Episode, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReviewWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Planned>, Rejection> {
        let principal = worker(call)?;
        let (agency, target) = (&principal.agency, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("an episode without a record"))?;
        let current = tx.document_read::<_, EpisodeRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        self.written.check(self.calendar.date_of(changes.now())).map_err(|faults| unprocessable(&faults))?;
        let made = (self.written.clone(), principal.worker.clone(), changes.now());
        let plan = current.revise(&made, plan_of)?;
        let next = current.revise(&made, with_plan)?;
        let version = tx.next_version(record, Kind::Episode, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        let new = NewVersion::first(Kind::CarePlan, version.person, agency);
        changes.document_put(tx, &new, &plan)?;
        let id = changes.own_handle(tx, &new)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/caseload-episodes/{}/care-plans", self.id)),
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: Planned { id },
        })
    }
}

type Made = (CarePlanWritten, WorkerId, Timestamp);

fn plan_of(episode: &Document<EpisodeRecord>, made: &Made) -> Result<CarePlanRecord, Problem> {
    planned(episode, made).map(|(plan, _)| plan)
}

fn with_plan(episode: &Document<EpisodeRecord>, made: &Made) -> Result<EpisodeRecord, Problem> {
    planned(episode, made).map(|(_, episode)| episode)
}

fn planned(
    episode: &Document<EpisodeRecord>,
    (written, by, at): &Made,
) -> Result<(CarePlanRecord, EpisodeRecord), Problem> {
    written
        .of(&episode.value, (by, *at))
        .ok_or_else(|| Problem::because(ProblemType::InvalidTransition, "episode-closed"))
}

/// `GET /caseload-episodes/{id}/care-plans`.
pub struct ListCarePlans {
    /// What the agency calls the episode.
    pub id: Handle,
}

/// A care plan as its agency sees it.
#[derive(Serialize, ToSchema)]
pub struct CarePlanView {
    /// What the agency calls it.
    pub id: Handle,
    /// 1 for the episode's first.
    pub number: u32,
    /// Its date.
    #[schema(value_type = String, format = Date)]
    pub dated_on: Date,
    /// The plan in a few sentences.
    pub summary: Option<String>,
    /// Needs and what is planned for them.
    pub items: Vec<CarePlanItem>,
    /// The domains in which nothing is needed.
    pub no_need_in: Vec<CarePlanDomain>,
    /// What the person said to it.
    pub agreement: Agreement,
    /// The worker who wrote it down.
    pub by: WorkerId,
    /// When it was entered, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
}

/// The care plans of an episode, the first one first; the last one holds.
#[derive(Serialize, ToSchema)]
pub struct CarePlanList {
    /// The plans.
    pub care_plans: Vec<CarePlanView>,
}

impl Disclosure for ListCarePlans {
    type Action = EpisodeRead;
    type View = CarePlanList;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Episode, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<EpisodeRead>,
    ) -> Result<Sealed<CarePlanList>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("an episode without a record"))?;
        let listed = tx.handles_of_person(agency, Kind::CarePlan, target.person)?;
        let plans = tx.documents_of_handles::<_, CarePlanRecord>(permit, &listed)?;
        Ok(plans.beside(record).view(list))
    }
}

fn list((plans, episode): &(Vec<(Handle, Document<CarePlanRecord>)>, RecordId)) -> CarePlanList {
    let of_episode = plans.iter().filter(|(_, plan)| plan.value.episode == *episode);
    CarePlanList { care_plans: of_episode.map(|(id, plan)| view(*id, &plan.value)).collect() }
}

fn view(id: Handle, plan: &CarePlanRecord) -> CarePlanView {
    let CarePlanWritten { dated_on, summary, items, no_need_in, agreement } = plan.written.clone();
    CarePlanView {
        id,
        number: plan.number,
        dated_on,
        summary,
        items,
        no_need_in,
        agreement,
        by: plan.by.clone(),
        recorded_at: to_the_minute(plan.at),
    }
}
