//! Taking the steps of a request, on the version that was read.

use std::marker::PhantomData;
use std::sync::Arc;

use super::codes::{SubjectAccessState, SubjectAccessStep};
use super::model::SubjectAccessRecord;
use super::receiving::SubjectAccessMoved;
use super::steps::{NotTaken, SubjectAccessStepBody, Taken};
use crate::calendar::Calendar;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::Action;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// `POST /subject-access/{id}/{step}`, as the action `A`: that of who receives requests, or that of who decides on them.
pub struct TakeSubjectAccessStep<A> {
    /// What the agency calls the request.
    pub request: Handle,
    /// The step.
    pub step: SubjectAccessStep,
    /// What it states.
    pub body: SubjectAccessStepBody,
    /// Working days, and what day it is.
    pub calendar: Arc<Calendar>,
    /// The action that must be permitted.
    pub action: PhantomData<fn() -> A>,
}

impl<A: Action> Command for TakeSubjectAccessStep<A> {
    type Action = A;
    type Acknowledgement = SubjectAccessMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::SubjectAccess, self.request)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<A>,
        changes: &mut Changes,
    ) -> Result<Accepted<SubjectAccessMoved>, Rejection> {
        let principal = worker(call)?;
        let agency = &principal.agency;
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a request without a record"))?;
        let current = tx.document_read::<_, SubjectAccessRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let at = changes.now();
        let taken = Taken {
            step: self.step,
            body: &self.body,
            by: &principal.worker,
            at,
            today: self.calendar.date_of(at),
            calendar: &self.calendar,
        };
        let next = current.revise(&taken, after)?;
        let state = SubjectAccessState::ALL
            .iter()
            .copied()
            .find(|state| next.judge(state, is_in).is_ok())
            .ok_or(Error::Corrupt("a request is in no state"))?;
        let version = tx.next_version(record, Kind::SubjectAccess, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        Ok(Accepted {
            status: 200,
            location: Some(format!("/v1/subject-access/{}", self.request)),
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: SubjectAccessMoved { id: self.request, state },
        })
    }
}

fn after(
    document: &Document<SubjectAccessRecord>,
    taken: &Taken<'_>,
) -> Result<SubjectAccessRecord, Problem> {
    document.value.after(taken).map_err(|not_taken| match not_taken {
        NotTaken::NotFromHere => Problem::new(ProblemType::InvalidTransition),
        NotTaken::Faults(faults) => {
            Problem::fields(ProblemType::UnprocessableDocument, faults.into_iter().map(Into::into).collect())
        }
    })
}

fn is_in(request: &SubjectAccessRecord, state: &SubjectAccessState) -> Result<(), ()> {
    if request.state() == *state { Ok(()) } else { Err(()) }
}
