//! Recording a review of somebody's care, on the version of the episode that was read.

use std::sync::Arc;

use serde::Serialize;
use utoipa::ToSchema;

use super::dues::{dues_next, dues_read};
use super::model::EpisodeRecord;
use super::open::unprocessable;
use super::review::{InvalidReview, ReviewMade, ReviewOutcome, Reviewing, reviewed};
use crate::calendar::Calendar;
use crate::domain::task::Kept;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::ReviewWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::TaskKind;

/// `POST /caseload-episodes/{id}/reviews`.
pub struct RecordReview {
    /// What the agency calls the episode.
    pub id: Handle,
    /// What was found.
    pub made: ReviewMade,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// The review is on record.
#[derive(Debug, Serialize, ToSchema)]
pub struct Reviewed {
    /// What the agency calls the episode.
    pub id: Handle,
    /// What follows, or what was decided otherwise.
    pub outcome: ReviewOutcome,
    /// What follows from what was found.
    pub derived: ReviewOutcome,
}

impl Command for RecordReview {
    type Action = ReviewWrite;
    type Acknowledgement = Reviewed;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::Episode, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReviewWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Reviewed>, Rejection> {
        let principal = worker(call)?;
        let (agency, target) = (&principal.agency, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("an episode without a record"))?;
        let current = tx.document_read::<_, EpisodeRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        self.made.check().map_err(|faults| unprocessable(&faults))?;
        let reviewing = Reviewing {
            by: principal.worker.clone(),
            at: changes.now(),
            today: self.calendar.date_of(changes.now()),
        };
        let next = current.revise(&(self.made.clone(), reviewing), after)?;
        let version = tx.next_version(record, Kind::Episode, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        let kept = Kept { agency, version: &version, subject: format!("/v1/caseload-episodes/{}", self.id) };
        let dues = (current.dues(&self.calendar, dues_read), next.dues(&self.calendar, dues_next));
        kept.tasks(tx, changes, (&dues.0, &dues.1), |kind| kind == TaskKind::ReviewCarePlan)?;
        let derived = self.made.derived();
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/caseload-episodes/{}", self.id)),
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: Reviewed { id: self.id, outcome: self.made.outcome.unwrap_or(derived), derived },
        })
    }
}

fn after(
    episode: &Document<EpisodeRecord>,
    (made, reviewing): &(ReviewMade, Reviewing),
) -> Result<EpisodeRecord, Problem> {
    reviewed(&episode.value, made, reviewing).map_err(|invalid| match invalid {
        InvalidReview::Closed => Problem::because(ProblemType::InvalidTransition, "episode-closed"),
        InvalidReview::Fault(fault) => unprocessable(&[fault]),
    })
}
