//! Communicating a test result to a named worker, with the person's consent.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{Finding, ResultRecord};
use crate::calendar::Calendar;
use crate::directory::AgencyStatus;
use crate::domain::agreed::{Passing, consent_required, may_pass};
use crate::domain::task::Halfway;
use crate::id::{AgencyId, Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::ResultSend;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::vocabulary::{AgencyType, DutyRole, EventType, Purpose, Role, Segment, SegmentSet, TaskKind};

/// Within how many working days it is read: "next session" in the field, which no record tells.
const WORKING_DAYS: u32 = 5;

/// A result as it is communicated: whether, and when. Not how much, not of what test, not the score of any assessment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultSent {
    /// What was found of Class A drugs.
    pub class_a: Finding,
    /// What was found of cannabis.
    pub cannabis: Finding,
    /// The day of the test.
    #[schema(value_type = String, format = Date)]
    pub tested_on: Date,
    /// The worker's agency.
    #[schema(value_type = String)]
    pub agency: AgencyId,
    /// The resettlement worker for whom it is.
    #[schema(value_type = String)]
    pub worker: WorkerId,
}

/// `POST /clients/{ref}/test-results`.
pub struct SendResult {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The result.
    pub sent: ResultSent,
    /// Knows the directory.
    pub journal: Journal,
    /// The working days.
    pub calendar: Arc<Calendar>,
}

/// It is communicated.
#[derive(Debug, Serialize, ToSchema)]
pub struct Sent {
    /// What the sender calls it.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for SendResult {
    type Action = ResultSend;
    type Acknowledgement = Sent;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ResultSend>,
        changes: &mut Changes,
    ) -> Result<Accepted<Sent>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let ResultSent { class_a, cannabis, tested_on, agency: to, worker } = &self.sent;
        let today = self.calendar.date_of(changes.now());
        self.check(today)?;
        let passing = Passing {
            from: agency.clone(),
            to: to.clone(),
            purpose: Purpose::Treatment,
            what: SegmentSet::EMPTY.with(Segment::DrugTest),
            now: changes.now(),
            today,
        };
        tx.documents_of_person(permit, person, Kind::Consent)?
            .judge(&passing, may_pass)
            .map_err(|()| consent_required("agency"))?;
        let version = NewVersion::first(Kind::TestResult, person, agency);
        let result = ResultRecord {
            class_a: *class_a,
            cannabis: *cannabis,
            tested_on: *tested_on,
            by: (agency.clone(), principal.worker.clone()),
            at: changes.now(),
            to: (to.clone(), worker.clone()),
        };
        changes.document_put_sent(tx, &version, &result)?;
        let id = changes.own_handle(tx, &version)?;
        changes.client_make_known(tx, to, person)?;
        let theirs = changes.handle_new(to, &version);
        let subject = format!("/v1/test-results/{theirs}");
        changes.notify(to, EventType::TestResultCommunicated, subject.clone());
        let due_at = self.calendar.end_of(self.calendar.add_working_days(today, WORKING_DAYS));
        let lies_with = (to, DutyRole::Resettlement);
        let (holder, kind) = (Some(tx.task_holder(to, worker)), TaskKind::ReadTestResult);
        Halfway { lies_with, holder, kind, subject, due_at }.put(changes, &version);
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/test-results/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: Sent { id },
        })
    }
}

impl SendResult {
    fn check(&self, today: Date) -> Result<(), Problem> {
        let wrong = |field, code, message| {
            Err(Problem::field(ProblemType::UnprocessableDocument, field, code, message))
        };
        if self.sent.tested_on > today {
            return wrong("tested_on", "rule", "must not be in the future");
        }
        if self.sent.class_a == Finding::NotTested && self.sent.cannabis == Finding::NotTested {
            return wrong("class_a", "rule", "or `cannabis` must have been tested");
        }
        let directory = self.journal.directory();
        let agency = directory.agency(&self.sent.agency).filter(|agency| {
            agency.status == AgencyStatus::Active && agency.agency_type == AgencyType::Resettlement
        });
        let Some(agency) = agency else {
            return wrong("agency", "unknown-agency", "must be an active resettlement service");
        };
        let is_named = agency
            .worker(&self.sent.worker)
            .is_some_and(|worker| worker.active && worker.role == Role::ResettlementWorker);
        if !is_named {
            return wrong("worker", "unknown-worker", "must be an active resettlement worker of that agency");
        }
        Ok(())
    }
}
