//! Reading the agency's own cohort tags of a client.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::TagRecord;
use crate::calendar::Calendar;
use crate::domain::dir::Cohort;
use crate::id::{Handle, RecordId};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::CohortRead;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{ByHandle, Kind};

/// `GET /clients/{ref}/cohort-tags`.
pub struct ListTags {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What day it is.
    pub calendar: Arc<Calendar>,
    /// The present moment.
    pub now: Timestamp,
}

/// The agency's own tags of a client.
#[derive(Debug, Serialize, ToSchema)]
pub struct TagList {
    /// The tags, oldest first; those that are over, too.
    pub tags: Vec<TagView>,
}

/// A tag as its agency reads it.
#[derive(Debug, Serialize, ToSchema)]
pub struct TagView {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What to send as `If-Match` to end it.
    pub etag: String,
    /// To which cohort the person belongs.
    pub cohort: Cohort,
    /// Since which day.
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// By which day it is looked at again.
    #[schema(value_type = String, format = Date)]
    pub review_on: Date,
    /// Whether it holds.
    pub live: bool,
}

impl Disclosure for ListTags {
    type Action = CohortRead;
    type View = TagList;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CohortRead>,
    ) -> Result<Sealed<TagList>, Rejection> {
        let (agency, person) = (call.caller.agency(), target_of(permit)?.person);
        let listed = tx.handles_of_person(agency, Kind::CohortTag, person)?;
        let held = tx.versions_of_person(person, Kind::CohortTag)?;
        let etags: Vec<(RecordId, String)> =
            held.iter().map(|held| (held.record, tx.etag(agency, held.record, held.version))).collect();
        let tags = tx.documents_of_handles::<_, TagRecord>(permit, &listed)?;
        Ok(tags.beside((etags, self.calendar.date_of(self.now))).view(list))
    }
}

/// The version of each tag as the reader's `ETag`, and the day on which they are read.
type Beside = (Vec<(RecordId, String)>, Date);

fn list((tags, (etags, today)): &(ByHandle<TagRecord>, Beside)) -> TagList {
    let etag_of = |record| etags.iter().find(|(of, _)| *of == record).map(|(_, etag)| etag.clone());
    let tags = tags.iter().map(|(id, document)| TagView {
        id: *id,
        etag: etag_of(document.record).unwrap_or_default(),
        cohort: document.value.cohort,
        since: document.value.since,
        review_on: document.value.review_on,
        live: document.value.is_live(*today),
    });
    TagList { tags: tags.collect() }
}
