//! Saying that somebody belongs to a cohort.

use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::TagRecord;
use crate::calendar::Calendar;
use crate::domain::dir::Cohort;
use crate::domain::fault::Faults;
use crate::domain::validation::plausible_date;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::worker;
use crate::policy::action::CohortWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};

/// A tag is looked at again within so many months; one that nobody looks at ends by itself.
const LONGEST_MONTHS: i32 = 6;

/// That somebody belongs to a cohort.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CohortTagged {
    /// To which.
    pub cohort: Cohort,
    /// Since which day.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = String, format = Date)]
    pub since: Date,
    /// By which day it is looked at again; after it the tag says nothing any more.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = String, format = Date)]
    pub review_on: Date,
}

/// `POST /clients/{ref}/cohort-tags`.
pub struct TagCohort {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The tag.
    pub tagged: CohortTagged,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// It is written down.
#[derive(Debug, Serialize, ToSchema)]
pub struct TagMoved {
    /// What the agency calls the tag.
    #[schema(value_type = String)]
    pub id: Handle,
}

/// What is asked of the tags that there are.
struct Again {
    agency: AgencyId,
    cohort: Cohort,
    today: Date,
}

impl Command for TagCohort {
    type Action = CohortWrite;
    type Acknowledgement = TagMoved;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CohortWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<TagMoved>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let CohortTagged { cohort, since, review_on } = &self.tagged;
        let today = self.calendar.date_of(changes.now());
        let mut faults = Faults::default();
        faults.require(cohort.is_said_by(principal.agency_type), "cohort", "is not for your agency to say");
        faults.require(*since <= today, "since", "must not be in the future");
        let latest = today.saturating_add(LONGEST_MONTHS.months());
        let in_time = *review_on > today && *review_on <= latest;
        faults.require(in_time, "review_on", "must lie within the next six months");
        faults.into_result().map_err(|faults| {
            let faults = faults.into_iter().map(Into::into).collect();
            Problem::fields(ProblemType::UnprocessableDocument, faults)
        })?;
        let again = Again { agency: agency.clone(), cohort: *cohort, today };
        tx.documents_of_person::<_, TagRecord>(permit, person, Kind::CohortTag)?
            .judge(&again, is_new)
            .map_err(|()| Problem::because(ProblemType::InvalidTransition, "tagged-already"))?;
        let version = NewVersion::first(Kind::CohortTag, person, agency);
        let tag = TagRecord {
            cohort: *cohort,
            since: *since,
            review_on: *review_on,
            by: (principal.worker.clone(), changes.now()),
            ended: None,
        };
        changes.document_put_sent(tx, &version, &tag)?;
        let id = changes.handle_new(agency, &version);
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/clients/{}/cohort-tags", self.client_ref)),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: TagMoved { id },
        })
    }
}

/// Whether the agency's own tag is not there yet. What others say is theirs.
#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_new(tags: &Vec<Document<TagRecord>>, again: &Again) -> Result<(), ()> {
    let is_there = tags.iter().any(|tag| {
        tag.custodian == again.agency && tag.value.cohort == again.cohort && tag.value.is_live(again.today)
    });
    if is_there { Err(()) } else { Ok(()) }
}
