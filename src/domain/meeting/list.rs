//! The contents of the agency's own pack for a day: where its pages are, and nothing of what stands on them.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::ToSpan as _;
use jiff::civil::{Date, time};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::PageRecord;
use super::write::AHEAD_DAYS;
use crate::calendar::Calendar;
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::MeetingList;
use crate::policy::permit::Permit;
use crate::store::Snapshot;
use crate::store::facts::Subject;
use crate::store::record::{ByHandle, Kind};

/// How many pages are looked through at once.
const STRETCH: i64 = 200;

/// `GET /meeting-pages`.
pub struct ListPages {
    /// The day of the meeting.
    pub on: Date,
    /// What moment a day begins at.
    pub calendar: Arc<Calendar>,
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
    /// What the meeting is called.
    pub meeting: String,
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
        let agency = call.caller.agency();
        let earliest = self.on.saturating_sub(AHEAD_DAYS.days()).saturating_sub(1.day());
        let from = self.calendar.moment(earliest, time(0, 0, 0, 0)).as_microsecond();
        let mut after = (from, Handle::from_bytes([0; 16]));
        let (mut listed, mut clients) = (Vec::new(), BTreeMap::new());
        loop {
            let page = tx.handles_page(agency, Kind::MeetingPage, after, STRETCH)?;
            for line in &page {
                after = (line.created_us, line.handle);
                if let Some(client) = tx.client_ref_of(agency, line.person)? {
                    clients.insert(line.handle, client);
                }
            }
            let more = i64::try_from(page.len()).is_ok_and(|found| found == STRETCH);
            listed.extend(page);
            if !more {
                break;
            }
        }
        let pages = tx.documents_of_handles::<_, PageRecord>(permit, &listed)?;
        Ok(pages.beside((self.on, clients)).view(list))
    }
}

fn list((pages, (on, clients)): &(ByHandle<PageRecord>, (Date, BTreeMap<Handle, Handle>))) -> PageList {
    let of_day = pages.iter().filter(|(_, page)| page.value.on == *on);
    let pages = of_day.map(|(id, page)| PageListed {
        id: *id,
        client_ref: clients.get(id).copied(),
        meeting: page.value.meeting.clone(),
    });
    PageList { pages: pages.collect() }
}
