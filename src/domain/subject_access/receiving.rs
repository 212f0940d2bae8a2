//! Receiving a person's request for her own account.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::SubjectAccessState;
use super::model::{DUE_MONTHS, Identified, SubjectAccessReceived, SubjectAccessRecord, due_on};
use crate::calendar::Calendar;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::SubjectAccessOpen;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;

/// `POST /clients/{ref}/subject-access`.
pub struct ReceiveSubjectAccess {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The request.
    pub received: SubjectAccessReceived,
    /// Working days, and what day it is.
    pub calendar: Arc<Calendar>,
}

/// The request is entered, or a step of it is taken.
#[derive(Debug, Serialize, ToSchema)]
pub struct SubjectAccessMoved {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// Where it stands.
    pub state: SubjectAccessState,
}

impl Command for ReceiveSubjectAccess {
    type Action = SubjectAccessOpen;
    type Acknowledgement = SubjectAccessMoved;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<SubjectAccessOpen>,
        changes: &mut Changes,
    ) -> Result<Accepted<SubjectAccessMoved>, Rejection> {
        let principal = worker(call)?;
        let agency = &principal.agency;
        let person = target_of(permit)?.person;
        let received = &self.received;
        let (by, at) = (principal.worker.clone(), changes.now());
        received.check(self.calendar.date_of(at)).map_err(|faults| {
            let faults = faults.into_iter().map(Into::into).collect();
            Problem::fields(ProblemType::UnprocessableDocument, faults)
        })?;
        let identity = received.identity.clone().map(|check| Identified { check, by: by.clone(), at });
        let request = SubjectAccessRecord {
            received_on: received.received_on,
            due_on: due_on(&self.calendar, received.received_on, DUE_MONTHS),
            asked_by: received.asked_by,
            authority: received.authority,
            by,
            at,
            identity,
            extension: None,
            end: None,
        };
        let version = NewVersion::first(Kind::SubjectAccess, person, agency);
        changes.document_put_sent(tx, &version, &request)?;
        let id = changes.own_handle(tx, &version)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/subject-access/{id}")),
            etag: Some(tx.etag(agency, version.record, version.version)),
            acknowledgement: SubjectAccessMoved { id, state: request.state() },
        })
    }
}
