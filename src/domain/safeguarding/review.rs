//! The review of a concern: whether it was right to tell it, and until when the person is not told, by somebody else than who raised it.

use jiff::civil::{Date, time};
use jiff::{Timestamp, ToSpan as _};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::ConcernFinding;
use super::model::{ConcernRecord, NotTaken, Review};
use super::raise::{Setting, put_review};
use super::receive::{ConcernMoved, not_taken};
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::ConcernReview;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, EventType, Role, TaskKind};

/// For no longer than this many months the person is not told, as with a deferral; what must wait for longer is deferred as one.
const LONGEST_MONTHS: i32 = 3;

/// What the reviewer found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcernReviewed {
    /// Whether it was right to tell it.
    pub finding: ConcernFinding,
    /// Why, without the person's name: it stays in the log, under a retention key.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub reason: String,
    /// Where it is unsafe to tell the person: the last day on which her account does not show it, at most three months ahead. Left out,
    /// it shows it from now on.
    #[schema(value_type = Option<String>, format = Date)]
    pub untold_until: Option<Date>,
}

/// `POST /concerns/{id}/review`.
pub struct ReviewConcern {
    /// What the agency calls the concern.
    pub id: Handle,
    /// What was found.
    pub reviewed: ConcernReviewed,
    /// What there is besides.
    pub setting: Setting,
}

impl Command for ReviewConcern {
    type Action = ConcernReview;
    type Acknowledgement = ConcernMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Concern, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConcernReview>,
        changes: &mut Changes,
    ) -> Result<Accepted<ConcernMoved>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let agency = &principal.agency;
        let record = target.record.ok_or(Error::Corrupt("a concern without a record"))?;
        let current = tx.document_read::<_, ConcernRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let review = Review {
            by: principal.worker.clone(),
            at: changes.now(),
            finding: self.reviewed.finding,
            reason: self.reviewed.reason.clone(),
            untold_until: self.untold_until(changes.now())?,
        };
        let is_guardian = principal.role == Role::CaldicottGuardian;
        let next = current.revise(&(review, is_guardian), after).map_err(not_taken)?;
        let version = tx.next_version(record, Kind::Concern, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        changes.segments_carry(tx, &version)?;
        changes.task_done(agency, TaskKind::ReviewConcern, record);
        match self.reviewed.finding {
            ConcernFinding::Appropriate => {}
            ConcernFinding::Escalated => {
                let subject = format!("/v1/concerns/{}", self.id);
                put_review(changes, &version, &self.setting.calendar, subject);
            }
            ConcernFinding::Inappropriate => self.take_back(tx, changes, &version, &next)?,
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: ConcernMoved { id: self.id },
        })
    }
}

impl ReviewConcern {
    /// The end of the last day on which the person is not told.
    fn untold_until(&self, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
        let calendar = &self.setting.calendar;
        let Some(until) = self.reviewed.untold_until else { return Ok(None) };
        let wrong = |message| {
            Err(Problem::field(ProblemType::UnprocessableDocument, "untold_until", "rule", message))
        };
        let today = calendar.date_of(now);
        if self.reviewed.finding == ConcernFinding::Escalated {
            return wrong("is for the one who closes the review");
        }
        if until < today || until > today.saturating_add(LONGEST_MONTHS.months()) {
            return wrong("must not be over already, and lie within three months");
        }
        Ok(Some(calendar.moment(until.saturating_add(1.day()), time(0, 0, 0, 0))))
    }

    /// Children's services hear that it was wrong to tell them, and have nothing more to do about it.
    fn take_back(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        version: &NewVersion,
        next: &Sealed<ConcernRecord>,
    ) -> Result<(), Error> {
        let directory = self.setting.journal.directory();
        let services = directory.iter().filter(|agency| agency.agency_type == AgencyType::ChildrensServices);
        let agencies: Vec<AgencyId> = services.map(|agency| agency.id.clone()).collect();
        let at = next.pick(&agencies, |concern, agencies| {
            agencies.iter().position(|agency| *agency == concern.recipient)
        });
        let recipient = at.and_then(|at| agencies.get(at)).ok_or(Error::Corrupt("a concern to nobody"))?;
        let id =
            changes.handle_for(tx, recipient, Kind::Concern, version.record.as_bytes(), version.person)?;
        changes.notify(recipient, EventType::ConcernChanged, format!("/v1/concerns/{id}"));
        changes.task_lapse(recipient, TaskKind::ReceiveConcern, version.record);
        changes.task_lapse(&version.custodian, TaskKind::ChaseConcern, version.record);
        Ok(())
    }
}

fn after(
    concern: &Document<ConcernRecord>,
    (review, is_guardian): &(Review, bool),
) -> Result<ConcernRecord, NotTaken> {
    concern.value.reviewed(review.clone(), *is_guardian)
}
