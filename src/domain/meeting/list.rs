//! The contents of the agency's own pack for a day: where its pages are, and nothing of what stands on them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::{Date, time};
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{PageRecord, may_read};
use super::write::AHEAD_DAYS;
use crate::calendar::Calendar;
use crate::domain::agreed::{Passing, passes_until};
use crate::id::{Handle, RecordId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::MeetingList;
use crate::policy::permit::Permit;
use crate::store::facts::Subject;
use crate::store::handle::Listed;
use crate::store::record::{ByHandle, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Purpose, SegmentSet};

/// How many pages are looked through at once.
const STRETCH: i64 = 200;

/// `GET /meeting-pages`.
pub struct ListPages {
    /// The day of the meeting.
    pub on: Date,
    /// What moment a day begins at.
    pub calendar: Arc<Calendar>,
    /// Knows the directory, and what time it is.
    pub journal: Journal,
}

/// The pages of the agency's own pack, oldest first.
#[derive(Serialize, ToSchema)]
pub struct PageList {
    /// One line each; each is read by itself.
    pub pages: Vec<PageListed>,
    #[serde(skip)]
    valid_until: Timestamp,
}

/// A page in the contents.
#[derive(Serialize, ToSchema)]
pub struct PageListed {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the reader calls the person, which a token to read the page must name.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
}

impl Disclosure for ListPages {
    type Action = MeetingList;
    type View = PageList;

    fn subject(&self) -> Subject {
        Subject::Collection
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<MeetingList>,
    ) -> Result<Sealed<PageList>, Rejection> {
        let principal = worker(call)?;
        let agency = &principal.agency;
        let earliest = self.on.saturating_sub(AHEAD_DAYS.days()).saturating_sub(1.day());
        let from = self.calendar.moment(earliest, time(0, 0, 0, 0)).as_microsecond();
        let mut after = (from, Handle::from_bytes([0; 16]));
        let (mut listed, mut clients, mut valid_until) = (Vec::new(), BTreeMap::new(), Timestamp::MAX);
        loop {
            let page = tx.handles_page(agency, Kind::MeetingPage, after, STRETCH)?;
            let more = i64::try_from(page.len()).is_ok_and(|found| found == STRETCH);
            for line in page {
                after = (line.created_us, line.handle);
                let Some(until) = self.readable_until(tx, permit, principal, &line)? else { continue };
                valid_until = valid_until.min(until);
                if let Some(client) = tx.client_ref_of(agency, line.person)? {
                    clients.insert(line.handle, client);
                }
                listed.push(line);
            }
            if !more {
                break;
            }
        }
        let pages = tx.documents_of_handles::<_, PageRecord>(permit, &listed)?;
        Ok(pages.beside((self.on, clients, valid_until)).view(list))
    }

    fn valid_until(view: &PageList) -> Option<Timestamp> {
        Some(view.valid_until)
    }
}

impl ListPages {
    /// Until when the reader may read any of a page, if at all: it wrote it, or the person still lets something pass that is for its kind of
    /// agency.
    fn readable_until(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<MeetingList>,
        principal: &Principal,
        line: &Listed,
    ) -> Result<Option<Timestamp>, Error> {
        let writer = tx.record_custodian(RecordId::from_bytes(line.target))?;
        let writer = writer.ok_or(Error::Corrupt("a page without a record"))?;
        if writer == principal.agency {
            return Ok(Some(Timestamp::MAX));
        }
        let now = self.journal.now();
        let consents = tx.documents_of_person(permit, line.person, Kind::Consent)?;
        let each = may_read(principal.agency_type).iter().filter_map(|segment| {
            let passing = Passing {
                from: writer.clone(),
                to: principal.agency.clone(),
                purpose: Purpose::OffenderManagement,
                what: SegmentSet::EMPTY.with(segment),
                now,
                today: self.calendar.date_of(now),
            };
            consents.until(&passing, passes_until)
        });
        Ok(each.max())
    }
}

/// What stands beside the pages that is no secret: the day, what the reader calls each person, and until when it may read all of these.
type Context = (Date, BTreeMap<Handle, Handle>, Timestamp);

fn list((pages, (on, clients, valid_until)): &(ByHandle<PageRecord>, Context)) -> PageList {
    let of_day = pages.iter().filter(|(_, page)| page.value.on == *on);
    let pages = of_day.map(|(id, _)| PageListed { id: *id, client_ref: clients.get(id).copied() });
    PageList { pages: pages.collect(), valid_until: *valid_until }
}
