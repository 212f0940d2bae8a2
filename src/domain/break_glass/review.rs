//! The review of a broken glass, at each agency of which something was opened and at the one that opened it.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::Setting;
use super::codes::BreakGlassFinding;
use super::end::not_taken;
use super::model::{BreakGlassRecord, NotTaken, Review};
use super::power::suspend;
use super::telling::Told;
use crate::domain::validation::clean_text;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::BreakGlassReview;
use crate::policy::permit::Permit;
use crate::store::change::Changes;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Role, TaskKind};

/// What the reviewer found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BreakGlassReviewGiven {
    /// Whether it was right to open it.
    pub finding: BreakGlassFinding,
    /// Why, without the person's name: it stays in the log, under a retention key.
    #[validate(length(min = 1, max = 500), custom(function = "clean_text"))]
    pub reason: String,
}

/// `POST /break-glass/{id}/review`.
pub struct ReviewBreakGlass {
    /// What the agency calls it.
    pub id: Handle,
    /// What was found.
    pub given: BreakGlassReviewGiven,
    /// What there is besides.
    pub setting: Setting,
}

/// It is recorded.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakGlassReviewed {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for ReviewBreakGlass {
    type Action = BreakGlassReview;
    type Acknowledgement = BreakGlassReviewed;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::BreakGlass, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<BreakGlassReview>,
        changes: &mut Changes,
    ) -> Result<Accepted<BreakGlassReviewed>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let (agency, opener) = (&principal.agency, &target.custodian);
        let record = target.record.ok_or(Error::Corrupt("a broken glass without a record"))?;
        let current = tx.document_read::<_, BreakGlassRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let review = Review {
            by: (agency.clone(), principal.worker.clone()),
            at: changes.now(),
            finding: self.given.finding,
            reason: self.given.reason.clone(),
        };
        let is_guardian = principal.role == Role::CaldicottGuardian;
        let next = current.revise(&(review, is_guardian), after).map_err(not_taken)?;
        let version = tx.next_version(record, Kind::BreakGlass, target.person, opener)?;
        changes.document_put(tx, &version, &next)?;
        changes.task_done(agency, TaskKind::ReviewBreakGlass, record);
        let told = Told { version: &version, setting: &self.setting };
        match self.given.finding {
            BreakGlassFinding::Appropriate => {}
            BreakGlassFinding::Escalated => told.passed_on(tx, changes, agency)?,
            BreakGlassFinding::Inappropriate => {
                suspend(tx, changes, opener, &next)?;
                told.changed(tx, changes, opener)?;
            }
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: BreakGlassReviewed { id: self.id },
        })
    }
}

fn after(
    current: &Document<BreakGlassRecord>,
    (review, is_guardian): &(Review, bool),
) -> Result<BreakGlassRecord, NotTaken> {
    current.value.reviewed(review.clone(), *is_guardian)
}
