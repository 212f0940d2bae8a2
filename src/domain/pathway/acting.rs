//! Writing down what is done on a pathway, by when, and how that ended.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{ActionOutcome, Barrier, ReoffendingPathway};
use super::model::{ActionRecord, Ended, NotEnded};
use crate::calendar::Calendar;
use crate::domain::task::Halfway;
use crate::domain::validation::{clean_line, plausible_date};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::PathwayWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, DutyRole, TaskKind};

/// An action as it is planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionPlanned {
    /// On which pathway.
    pub pathway: ReoffendingPathway,
    /// What is done.
    #[validate(custom(function = "clean_line"))]
    pub what: String,
    /// By which day.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = String, format = Date)]
    pub due_on: Date,
}

/// How an action ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ActionEnded {
    /// How.
    pub outcome: ActionOutcome,
    /// `blocked`: what stands in its way.
    pub barrier: Option<Barrier>,
}

/// `POST /clients/{ref}/pathway-actions`.
pub struct BeginAction {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The action.
    pub planned: ActionPlanned,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// `POST /pathway-actions/{id}/ending`.
pub struct EndAction {
    /// What the agency calls it.
    pub id: Handle,
    /// How it ended.
    pub ended: ActionEnded,
}

/// It is written down.
#[derive(Debug, Serialize, ToSchema)]
pub struct ActionMoved {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for BeginAction {
    type Action = PathwayWrite;
    type Acknowledgement = ActionMoved;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PathwayWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<ActionMoved>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let ActionPlanned { pathway, what, due_on } = &self.planned;
        if *due_on < self.calendar.date_of(changes.now()) {
            let message = "must not be in the past";
            return Err(Problem::field(ProblemType::UnprocessableDocument, "due_on", "rule", message).into());
        }
        let version = NewVersion::first(Kind::PathwayAction, person, agency);
        let action = ActionRecord {
            pathway: *pathway,
            what: what.clone(),
            due_on: *due_on,
            planned: (principal.worker.clone(), changes.now()),
            ended: None,
        };
        changes.document_put_sent(tx, &version, &action)?;
        let id = changes.handle_new(agency, &version);
        let subject = format!("/v1/clients/{}/pathway-actions", self.client_ref);
        let due_at = self.calendar.end_of(*due_on);
        let lies_with = (agency, duty_of(principal.agency_type));
        let (holder, kind) = (Some(tx.task_holder(agency, &principal.worker)), TaskKind::TakePathwayAction);
        Halfway { lies_with, holder, kind, subject, due_at }.put(changes, &version);
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/clients/{}/pathway-actions", self.client_ref)),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: ActionMoved { id },
        })
    }
}

impl Command for EndAction {
    type Action = PathwayWrite;
    type Acknowledgement = ActionMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::PathwayAction, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<PathwayWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<ActionMoved>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let agency = &principal.agency;
        let record = target.record.ok_or(Error::Corrupt("an action without a record"))?;
        let action = tx.document_read::<_, ActionRecord>(permit, agency, record)?;
        require_version(call, &action)?;
        let ended = Ended {
            outcome: self.ended.outcome,
            barrier: self.ended.barrier,
            by: principal.worker.clone(),
            at: changes.now(),
        };
        let next = action.revise(&ended, with_ending)?;
        let version = tx.next_version(record, Kind::PathwayAction, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        changes.task_done(agency, TaskKind::TakePathwayAction, record);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: ActionMoved { id: self.id },
        })
    }
}

fn with_ending(action: &Document<ActionRecord>, ended: &Ended) -> Result<ActionRecord, Problem> {
    action.value.end(ended.clone()).map_err(|against| match against {
        NotEnded::Over => Problem::because(ProblemType::InvalidTransition, "action-over"),
        NotEnded::Barrier => {
            let message = "is required where the action is blocked, and only there";
            Problem::field(ProblemType::UnprocessableDocument, "barrier", "rule", message)
        }
    })
}

/// With whom an action lies where its worker is away: those who have a caseload, or else who takes in what is referred.
const fn duty_of(agency_type: AgencyType) -> DutyRole {
    if agency_type.has_caseload() { DutyRole::CaseManagement } else { DutyRole::Referrals }
}
