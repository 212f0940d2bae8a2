//! A broken glass as those read it who review it: who opened what, why and when. Of an agency's own records it names those.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::Setting;
use super::codes::{BreakGlassFinding, BreakGlassReviewState, EmergencyReason};
use super::model::{BreakGlassRecord, Review};
use crate::domain::fault::to_the_minute;
use crate::id::{AgencyId, Handle, RecordId, WorkerId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::BreakGlassSee;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::Role;

/// `GET /break-glass/{id}/review`.
pub struct ReadBreakGlassReview {
    /// What the agency calls it.
    pub id: Handle,
    /// What there is besides.
    pub setting: Setting,
}

/// A broken glass, for those who review it.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakGlassToReview {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` with the review.
    pub etag: String,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// The agency that opened it, for that agency alone: were others named, who is not named would be a project.
    #[schema(value_type = Option<String>)]
    pub from: Option<AgencyId>,
    /// The operator's help line, at which to ask about it, quoting `id`.
    pub ring: String,
    /// The worker, for the agency that opened it alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<WorkerId>,
    /// In which role.
    pub role: Role,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub opened_at: Timestamp,
    /// When it closed, or closes by itself, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub until: Timestamp,
    /// What put the person's life at risk.
    pub reason: EmergencyReason,
    /// The same in the worker's own words.
    pub words: String,
    /// The reader's own records that were opened; none where only what it prescribes was told.
    #[schema(value_type = Vec<String>)]
    pub dirs: Vec<Handle>,
    /// Where the reader's own review stands.
    pub state: BreakGlassReviewState,
    /// What the reader's own reviewers found, oldest first.
    pub reviews: Vec<BreakGlassReviewView>,
}

/// What a reviewer found.
#[derive(Debug, Serialize, ToSchema)]
pub struct BreakGlassReviewView {
    /// Who.
    pub by: WorkerId,
    /// When, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub at: Timestamp,
    /// What.
    pub finding: BreakGlassFinding,
    /// Why.
    pub reason: String,
}

/// What stands beside it that is no secret.
struct Reader {
    id: Handle,
    etag: String,
    client_ref: Option<Handle>,
    agency: AgencyId,
    dirs: BTreeMap<RecordId, Handle>,
    help_line: String,
}

impl Disclosure for ReadBreakGlassReview {
    type Action = BreakGlassSee;
    type View = BreakGlassToReview;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::BreakGlass, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<BreakGlassSee>,
    ) -> Result<Sealed<BreakGlassToReview>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a broken glass without a record"))?;
        let broken = tx.document_read::<_, BreakGlassRecord>(permit, agency, record)?;
        let dirs = tx.handles_of_person(agency, Kind::Dir, target.person)?;
        let reader = Reader {
            id: self.id,
            etag: broken.etag().unwrap_or_default().to_owned(),
            client_ref: target.client_ref,
            agency: agency.clone(),
            dirs: dirs
                .into_iter()
                .map(|listed| (RecordId::from_bytes(listed.target), listed.handle))
                .collect(),
            help_line: self.setting.help_line.clone(),
        };
        Ok(broken.beside(reader).view(shown))
    }
}

fn shown((document, reader): &(Document<BreakGlassRecord>, Reader)) -> BreakGlassToReview {
    let broken = &document.value;
    let is_own = broken.by.0 == reader.agency;
    let own = broken.holders.iter().filter(|holder| holder.agency == reader.agency);
    let reviews = broken.reviews.iter().filter(|review| review.by.0 == reader.agency);
    BreakGlassToReview {
        id: reader.id,
        etag: reader.etag.clone(),
        client_ref: reader.client_ref,
        from: is_own.then(|| broken.by.0.clone()),
        ring: reader.help_line.clone(),
        by: is_own.then(|| broken.by.1.clone()),
        role: broken.role,
        opened_at: to_the_minute(broken.at),
        until: to_the_minute(broken.ended.unwrap_or_else(|| broken.until())),
        reason: broken.reason,
        words: broken.words.clone(),
        dirs: own
            .flat_map(|holder| &holder.records)
            .filter_map(|record| reader.dirs.get(record).copied())
            .collect(),
        state: broken.review_at(&reader.agency),
        reviews: reviews.map(review).collect(),
    }
}

fn review(review: &Review) -> BreakGlassReviewView {
    BreakGlassReviewView {
        by: review.by.1.clone(),
        at: to_the_minute(review.at),
        finding: review.finding,
        reason: review.reason.clone(),
    }
}
