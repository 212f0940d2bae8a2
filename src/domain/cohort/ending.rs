//! Ending a cohort tag.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{Over, TagRecord};
use super::tag::TagMoved;
use crate::id::{Handle, WorkerId};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::CohortWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};

/// What ends a tag. Nothing besides: why somebody leaves a cohort is in no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TagEnded {}

/// `POST /cohort-tags/{id}/ending`.
pub struct EndTag(pub Handle);

impl Command for EndTag {
    type Action = CohortWrite;
    type Acknowledgement = TagMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::CohortTag, self.0)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CohortWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<TagMoved>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let agency = &principal.agency;
        let record = target.record.ok_or(Error::Corrupt("a tag without a record"))?;
        let tag = tx.document_read::<_, TagRecord>(permit, agency, record)?;
        require_version(call, &tag)?;
        let next = tag
            .revise(&(principal.worker.clone(), changes.now()), ended)
            .map_err(|Over| Problem::because(ProblemType::InvalidTransition, "tag-over"))?;
        let version = tx.next_version(record, Kind::CohortTag, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: TagMoved { id: self.0 },
        })
    }
}

fn ended(tag: &Document<TagRecord>, by: &(WorkerId, jiff::Timestamp)) -> Result<TagRecord, Over> {
    tag.value.end(by)
}
