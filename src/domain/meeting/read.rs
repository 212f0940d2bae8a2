//! Reading a page of the pack, as its writer or as an agency that attends: each part only if the person agrees now that it is told.

use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::{MeetingSays, PageRecord};
use crate::domain::client::{ClientHead, person_in};
use crate::domain::dir::Cohort;
use crate::domain::person::name_to_use;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::{Form, Sealed};
use crate::policy::action::MeetingRead;
use crate::policy::permit::Permit;
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// `GET /meeting-pages/{id}`.
pub struct ReadPage {
    /// What the reader calls it.
    pub id: Handle,
    /// How it is printed, where a page to print is asked for.
    pub print: Option<fn(&PageView) -> String>,
}

/// A page as one reader sees it. A part that was not written and one that may not pass look the same.
#[derive(Serialize, ToSchema)]
pub struct PageView {
    /// What the reader calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the reader calls the person.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// What the meeting is called.
    pub meeting: String,
    /// Its day.
    #[schema(value_type = String, format = Date)]
    pub on: Date,
    /// Who wrote the page.
    pub from: AgencyId,
    /// The name to call the person by, as the writer has it written down; for those who attend (`identity`).
    pub name: Option<String>,
    /// The date of birth, likewise (`identity`).
    #[schema(value_type = Option<String>, format = Date)]
    pub date_of_birth: Option<Date>,
    /// The cohorts to which the writer says that the person belongs (`offending`).
    pub cohorts: Vec<Cohort>,
    /// What the page says.
    pub says: MeetingSays,
}

/// Who reads, and what is no secret beside the page.
struct Reader {
    id: Handle,
    client_ref: Option<Handle>,
    released: SegmentSet,
}

impl Disclosure for ReadPage {
    type Action = MeetingRead;
    type View = PageView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::MeetingPage, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<MeetingRead>,
    ) -> Result<Sealed<PageView>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a page without a record"))?;
        let page = tx.document_read::<_, PageRecord>(permit, agency, record)?;
        let writer = &target.custodian;
        let who = permit.released().intersection(SegmentSet::EMPTY.with(Segment::Identity));
        let details = match tx.client_known(writer, target.person)? {
            Some(client) if writer != agency && !who.is_empty() => {
                tx.segments_read::<_, ClientHead>(permit, agency, client, who)?
            }
            _ => tx.segments_unwritten(permit, agency, target.person, ClientHead {}),
        };
        let reader = Reader { id: self.id, client_ref: target.client_ref, released: permit.released() };
        Ok(page.with(details).beside(reader).try_view(shown)?)
    }

    fn form(&self) -> Form<PageView> {
        self.print.map_or(Form::Json, Form::Page)
    }
}

type Papers = (Document<PageRecord>, Segments<ClientHead>);

fn shown(((document, details), reader): &(Papers, Reader)) -> Result<PageView, Error> {
    let (page, released) = (&document.value, reader.released);
    let person = match details.version {
        0 => None,
        _ => Some(person_in(SegmentSet::EMPTY.with(Segment::Identity), &details.segments)?),
    };
    let cohorts = page.cohorts.iter().copied().filter(|_| released.contains(Segment::Offending));
    Ok(PageView {
        id: reader.id,
        client_ref: reader.client_ref,
        meeting: page.meeting.clone(),
        on: page.on,
        from: page.by.0.clone(),
        name: person.as_ref().and_then(|person| name_to_use(&person.names)),
        date_of_birth: person.as_ref().and_then(|person| person.date_of_birth),
        cohorts: cohorts.collect(),
        says: page.says.within(released),
    })
}
