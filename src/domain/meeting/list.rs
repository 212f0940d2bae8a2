//! The contents of the agency's own pack for a day: where its pages are, and nothing of what stands on them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::{Date, time};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{PageRecord, may_read};
use super::write::AHEAD_DAYS;
use crate::calendar::Calendar;
use crate::domain::agreed::{Passing, may_pass};
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
        let (mut listed, mut clients) = (Vec::new(), BTreeMap::new());
        loop {
            let page = tx.handles_page(agency, Kind::MeetingPage, after, STRETCH)?;
            let more = i64::try_from(page.len()).is_ok_and(|found| found == STRETCH);
            for line in page {
                after = (line.created_us, line.handle);
                if !self.is_readable(tx, permit, principal, &line)? {
                    continue;
                }
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
        Ok(pages.beside((self.on, clients)).view(list))
    }
}

impl ListPages {
    /// Whether the reader may still read any of a page: it wrote it, or the person still lets something pass that is for its kind of agency.
    fn is_readable(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<MeetingList>,
        principal: &Principal,
        line: &Listed,
    ) -> Result<bool, Error> {
        let writer = tx.record_custodian(RecordId::from_bytes(line.target))?;
        let writer = writer.ok_or(Error::Corrupt("a page without a record"))?;
        if writer == principal.agency {
            return Ok(true);
        }
        let now = self.journal.now();
        let consents = tx.documents_of_person(permit, line.person, Kind::Consent)?;
        Ok(may_read(principal.agency_type).iter().any(|segment| {
            let passing = Passing {
                from: writer.clone(),
                to: principal.agency.clone(),
                purpose: Purpose::OffenderManagement,
                what: SegmentSet::EMPTY.with(segment),
                now,
                today: self.calendar.date_of(now),
            };
            consents.judge(&passing, may_pass).is_ok()
        }))
    }
}

fn list((pages, (on, clients)): &(ByHandle<PageRecord>, (Date, BTreeMap<Handle, Handle>))) -> PageList {
    let of_day = pages.iter().filter(|(_, page)| page.value.on == *on);
    let pages = of_day.map(|(id, _)| PageListed { id: *id, client_ref: clients.get(id).copied() });
    PageList { pages: pages.collect() }
}
