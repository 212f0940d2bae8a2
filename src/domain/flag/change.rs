//! What becomes of a flag: it is reviewed, given to somebody else, or ended, each on the version that was read.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{self, Ending, FlagEnded, FlagReassigned, FlagRecord, FlagReviewed, Over};
use super::set::Review;
use super::setting::Setting;
use crate::calendar::Calendar;
use crate::id::{AgencyId, Handle, PersonId, RecordId, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::{Action, FlagAssign, FlagWrite};
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::task::Reassigned;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{DutyRole, TaskKind};

/// `POST /flags/{id}/review`.
pub struct ReviewFlag {
    /// What the agency calls the flag.
    pub id: Handle,
    /// What was found.
    pub reviewed: FlagReviewed,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// `POST /flags/{id}/reassignment`.
pub struct ReassignFlag {
    /// What the agency calls the flag.
    pub id: Handle,
    /// To whom it goes.
    pub reassigned: FlagReassigned,
    /// What there is besides.
    pub setting: Setting,
}

/// `POST /flags/{id}/ending`.
pub struct EndFlag {
    /// What the agency calls the flag.
    pub id: Handle,
    /// Why.
    pub ended: FlagEnded,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// The flag is set, reviewed, given to somebody else, or ended.
#[derive(Debug, Serialize, ToSchema)]
pub struct FlagMoved {
    /// What the agency calls it.
    pub id: Handle,
}

/// A step of a flag.
struct Step {
    by: WorkerId,
    at: Timestamp,
    today: Date,
    taken: Taken,
}

enum Taken {
    Reviewed(FlagReviewed),
    Reassigned,
    Ended(FlagEnded),
}

/// The flag that a step was taken with.
struct Stepped {
    agency: AgencyId,
    person: PersonId,
    record: RecordId,
}

impl Command for ReviewFlag {
    type Action = FlagWrite;
    type Acknowledgement = FlagMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Flag, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<FlagWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<FlagMoved>, Rejection> {
        let on = self.reviewed.review_on;
        let taken = Taken::Reviewed(self.reviewed.clone());
        let (stepped, accepted) = step(tx, call, permit, changes, (self.id, self.calendar.as_ref()), taken)?;
        let Stepped { agency, person, record } = &stepped;
        let lies = tx.task_lies_with(agency, TaskKind::ReviewFlag, *record)?;
        let (duty, holder) = lies.unwrap_or((DutyRole::FlagOwner, None));
        changes.task_done(agency, TaskKind::ContactAfterReappearance, *record);
        changes.task_done(agency, TaskKind::ReviewFlag, *record);
        let review = Review { agency, person: *person, record: *record, id: self.id, on };
        changes.task_put(review.task(duty, holder, &self.calendar));
        Ok(accepted)
    }
}

impl Command for ReassignFlag {
    type Action = FlagAssign;
    type Acknowledgement = FlagMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Flag, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<FlagAssign>,
        changes: &mut Changes,
    ) -> Result<Accepted<FlagMoved>, Rejection> {
        self.setting.works_there(worker(call)?, "to", self.reassigned.to.as_ref())?;
        let of = (self.id, self.setting.calendar.as_ref());
        let (stepped, accepted) = step(tx, call, permit, changes, of, Taken::Reassigned)?;
        let Stepped { agency, record, .. } = &stepped;
        let to = self.reassigned.to.as_ref().map(|worker| tx.task_holder(agency, worker));
        for kind in [TaskKind::ReviewFlag, TaskKind::ContactAfterReappearance] {
            changes.task_reassign(agency, Reassigned::About(kind, *record), to);
        }
        Ok(accepted)
    }
}

impl Command for EndFlag {
    type Action = FlagWrite;
    type Acknowledgement = FlagMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Flag, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<FlagWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<FlagMoved>, Rejection> {
        let taken = Taken::Ended(self.ended.clone());
        let (stepped, accepted) = step(tx, call, permit, changes, (self.id, self.calendar.as_ref()), taken)?;
        let Stepped { agency, record, .. } = &stepped;
        changes.task_done(agency, TaskKind::ReviewFlag, *record);
        changes.task_lapse(agency, TaskKind::ContactAfterReappearance, *record);
        Ok(accepted)
    }
}

/// Writes the next version of the permitted flag, on the version that was read.
fn step<A: Action>(
    tx: &mut Snapshot<'_>,
    call: &Call,
    permit: &Permit<A>,
    changes: &mut Changes,
    (id, calendar): (Handle, &Calendar),
    taken: Taken,
) -> Result<(Stepped, Accepted<FlagMoved>), Rejection> {
    let principal = worker(call)?;
    let agency = principal.agency.clone();
    let target = target_of(permit)?;
    let (person, record) = (target.person, target.record.ok_or(Error::Corrupt("a flag without a record"))?);
    let current = tx.document_read::<_, FlagRecord>(permit, &agency, record)?;
    require_version(call, &current)?;
    let at = changes.now();
    let step = Step { by: principal.worker.clone(), at, today: calendar.date_of(at), taken };
    let next: Sealed<FlagRecord> = current.revise(&step, after)?;
    let version = tx.next_version(record, Kind::Flag, person, &agency)?;
    changes.document_put(tx, &version, &next)?;
    let accepted = Accepted {
        status: 200,
        location: Some(format!("/v1/flags/{id}")),
        etag: Some(tx.etag(&agency, record, version.version)),
        acknowledgement: FlagMoved { id },
    };
    Ok((Stepped { agency, person, record }, accepted))
}

fn after(flag: &Document<FlagRecord>, step: &Step) -> Result<FlagRecord, Problem> {
    let (flag, today) = (&flag.value, step.today);
    let (by, at) = (step.by.clone(), step.at);
    match &step.taken {
        Taken::Reviewed(reviewed) => {
            let fits = today < reviewed.review_on && reviewed.review_on <= flag.expires_on;
            if flag.is_live(today) && !fits {
                return Err(Problem::fields(
                    ProblemType::UnprocessableDocument,
                    vec![FieldProblem::new(
                        "review_on",
                        "rule",
                        "must lie in the future, and not after the flag's last day",
                    )],
                ));
            }
            flag.reviewed(model::Review { by, at, note: reviewed.note.clone() }, reviewed.review_on, today)
        }
        Taken::Reassigned if flag.is_live(today) => Ok(flag.clone()),
        Taken::Reassigned => Err(Over),
        Taken::Ended(ended) => flag.ended(Ending { by, at, reason: ended.reason.clone() }),
    }
    .map_err(|Over| Problem::because(ProblemType::InvalidTransition, "flag-over"))
}
