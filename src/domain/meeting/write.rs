//! Writing one's own page about somebody for a meeting: those who attend come to know of it as far as the person agrees.

use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::model::{MeetingSays, PageRecord, may_read, may_say};
use crate::calendar::Calendar;
use crate::directory::AgencyStatus;
use crate::domain::agreed::{Passing, consent_required, may_pass};
use crate::domain::cohort::model::TagRecord;
use crate::domain::dir::Cohort;
use crate::domain::fault::Faults;
use crate::domain::validation::{clean_line, no_repeats, plausible_date};
use crate::id::{AgencyId, Handle};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::MeetingWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::vocabulary::{EventType, Purpose, Segment, SegmentSet};

/// A page is written at most so many days before its meeting, so that a pack is found without looking through old ones.
pub(super) const AHEAD_DAYS: i32 = 31;

/// A page as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PageWritten {
    /// What the meeting is called, as those who attend know it.
    #[validate(custom(function = "clean_line"))]
    pub meeting: String,
    /// Its day.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// The agencies that attend.
    #[validate(length(min = 1, max = 20), custom(function = "no_repeats"))]
    #[schema(value_type = Vec<String>)]
    pub attending: Vec<AgencyId>,
    /// What the page says.
    #[validate(nested)]
    pub says: MeetingSays,
}

/// `POST /clients/{ref}/meeting-pages`.
pub struct WritePage {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The page.
    pub written: PageWritten,
    /// Knows the directory.
    pub journal: Journal,
    /// What day it is.
    pub calendar: Arc<Calendar>,
}

/// The page is written.
#[derive(Debug, Serialize, ToSchema)]
pub struct Written {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// Those attending who may read any of it, by the person's consent. The others do not learn that there is a page.
    #[schema(value_type = Vec<String>)]
    pub told: Vec<AgencyId>,
}

impl Command for WritePage {
    type Action = MeetingWrite;
    type Acknowledgement = Written;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<MeetingWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<Written>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let today = self.calendar.date_of(changes.now());
        self.check(principal, today)?;
        let PageWritten { meeting, on, attending, says } = &self.written;
        let consents = tx.documents_of_person(permit, person, Kind::Consent)?;
        let directory = self.journal.directory();
        let readable = |attends: &AgencyId| {
            let of = directory.agency(attends).map(|agency| may_read(agency.agency_type));
            says.segments().intersection(of.unwrap_or(SegmentSet::EMPTY))
        };
        let told: Vec<&AgencyId> = attending
            .iter()
            .filter(|attends| {
                readable(attends).iter().any(|segment| {
                    let passing = Passing {
                        from: agency.clone(),
                        to: (*attends).clone(),
                        purpose: Purpose::OffenderManagement,
                        what: SegmentSet::EMPTY.with(segment),
                        now: changes.now(),
                        today,
                    };
                    consents.judge(&passing, may_pass).is_ok()
                })
            })
            .collect();
        if told.is_empty() {
            return Err(consent_required("attending").into());
        }
        let version = NewVersion::first(Kind::MeetingPage, person, agency);
        let page = PageRecord {
            meeting: meeting.clone(),
            on: *on,
            by: (agency.clone(), principal.worker.clone()),
            at: changes.now(),
            cohorts: Vec::new(),
            says: says.clone(),
        };
        let tags: Sealed<Vec<Document<TagRecord>>> =
            tx.documents_of_person(permit, person, Kind::CohortTag)?;
        let page = tags.beside((agency.clone(), today, page)).view(with_cohorts);
        changes.document_put(tx, &version, &page)?;
        let id = changes.handle_new(agency, &version);
        for attends in &told {
            changes.client_make_known(tx, attends, person)?;
            let theirs = changes.handle_new(attends, &version);
            changes.notify(attends, EventType::MeetingPageWritten, format!("/v1/meeting-pages/{theirs}"));
        }
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/meeting-pages/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: Written { id, told: told.into_iter().cloned().collect() },
        })
    }
}

impl WritePage {
    fn check(&self, writer: &Principal, today: Date) -> Result<(), Problem> {
        let PageWritten { on, attending, says, .. } = &self.written;
        let mut faults = Faults::default();
        let latest = today.saturating_add(AHEAD_DAYS.days());
        faults.require(*on >= today && *on <= latest, "on", "must lie within the next 31 days");
        faults.require(!says.segments().is_empty(), "says", "must say something");
        let of_others = says.segments().without(may_say(writer.agency_type));
        faults.require(of_others.is_empty(), "says", "says something that is not for your agency to say");
        let directory = self.journal.directory();
        let attends = |id: &AgencyId| {
            *id != writer.agency
                && directory.agency(id).is_some_and(|agency| {
                    agency.status == AgencyStatus::Active && !may_say(agency.agency_type).is_empty()
                })
        };
        faults.require(
            attending.iter().all(attends),
            "attending",
            "must be other active agencies of a meeting",
        );
        faults.into_result().map_err(|faults| {
            let faults = faults.into_iter().map(Into::into).collect();
            Problem::fields(ProblemType::UnprocessableDocument, faults)
        })
    }
}

type Tagged = (Vec<Document<TagRecord>>, (AgencyId, Date, PageRecord));

/// The page with the writer's own live tags, where it speaks of offending at all.
fn with_cohorts((tags, (writer, today, page)): &Tagged) -> PageRecord {
    let own = tags.iter().filter(|tag| tag.custodian == *writer && tag.value.is_live(*today));
    let mut cohorts: Vec<Cohort> = own.map(|tag| tag.value.cohort).collect();
    if !page.says.segments().contains(Segment::Offending) {
        cohorts.clear();
    }
    PageRecord { cohorts, ..page.clone() }
}
