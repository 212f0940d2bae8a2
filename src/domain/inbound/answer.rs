//! Saying what became of somebody who was sent in, for the service's own file.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::InboundOutcome;
use super::model::{Answered, InboundRecord, Over};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::InboundAnswer;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// What became of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InboundOutcomeGiven {
    /// What.
    pub outcome: InboundOutcome,
}

/// `POST /inbound-referrals/{id}/answer`.
pub struct AnswerInbound {
    /// What the service calls it.
    pub id: Handle,
    /// What became of it.
    pub given: InboundOutcomeGiven,
}

/// It is noted.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboundAnswered {
    /// What the service calls it.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for AnswerInbound {
    type Action = InboundAnswer;
    type Acknowledgement = InboundAnswered;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::InboundReferral, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<InboundAnswer>,
        changes: &mut Changes,
    ) -> Result<Accepted<InboundAnswered>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let agency = &principal.agency;
        let record = target.record.ok_or(Error::Corrupt("what was sent in without a record"))?;
        let came = tx.document_read::<_, InboundRecord>(permit, agency, record)?;
        require_version(call, &came)?;
        let (outcome, by, at) = (self.given.outcome, principal.worker.clone(), changes.now());
        let next = came
            .revise(&Answered { outcome, by, at }, answered)
            .map_err(|Over| Problem::because(ProblemType::InvalidTransition, "answered-already"))?;
        let version = tx.next_version(record, Kind::InboundReferral, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        changes.task_done(agency, TaskKind::AnswerInboundReferral, record);
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: InboundAnswered { id: self.id },
        })
    }
}

fn answered(came: &Document<InboundRecord>, answered: &Answered) -> Result<InboundRecord, Over> {
    came.value.answer(answered)
}
