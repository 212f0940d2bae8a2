//! Reading a person's whole account, for her, under her own request, page by page.

use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::model::DutyContact;
use super::telling::{Hearer, told_to_person};
use super::words;
use crate::crypto::CursorFor;
use crate::directory::{Agency, Directory};
use crate::domain::fault::to_the_minute;
use crate::domain::subject_access::model::SubjectAccessRecord;
use crate::id::{AgencyId, Handle};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::{Form, Sealed};
use crate::policy::action::AccountRelease;
use crate::policy::permit::Permit;
use crate::store::account::{AccountEntry, AccountOf, Extent};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Outcome, Segment};

/// The operation as in `openapi.yaml`, to which its cursors are bound.
pub const WHOLE_OPERATION: &str = "read_subject_access_account";
/// How many rows a page of JSON has.
const PAGE: usize = 50;
/// How many rows a printed page has: more than nearly anybody's account, and still a page that a browser lays out at once.
const PRINTED: usize = 1_000;

/// `GET /subject-access/{id}/account`.
pub struct ReadWholeAccount {
    /// What the agency calls the request.
    pub request: Handle,
    /// Where the page begins in the log.
    pub from: u64,
    /// Knows the directory and the time.
    pub journal: Journal,
    /// Writes it as a page to print, if it is to be one.
    pub print: Option<fn(&WholeAccountView) -> String>,
}

/// What was done with what is held about the person, by whomever, oldest first, as far as it may be told where she asked.
#[derive(Debug, Serialize, ToSchema)]
pub struct WholeAccountView {
    /// The request under which it is read.
    #[schema(value_type = String)]
    pub request: Handle,
    /// When it was read, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub read_at: Timestamp,
    /// The agency at which the person asked.
    pub asked_at: String,
    /// Whom to ask there.
    pub contact: DutyContact,
    /// The rows of this page.
    pub disclosures: Vec<AccountRow>,
    /// What holds of every account.
    pub notes: Vec<&'static str>,
    /// The cursor of the next page; it travels in `Link`.
    #[serde(skip)]
    pub next: Option<String>,
}

/// One thing that was done with what is held about the person, or was refused.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountRow {
    /// When it was recorded, to the minute.
    #[schema(value_type = String, format = DateTime)]
    pub recorded_at: Timestamp,
    /// The agency that did it.
    pub agency: String,
    /// In which role its worker did it, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<&'static str>,
    /// What was done or asked, in plain words.
    pub what: &'static str,
    /// What for, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub purpose: Option<&'static str>,
    /// What was released.
    pub segments: Vec<Segment>,
    /// Why it was allowed, in plain words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis: Option<&'static str>,
    /// Whether it was permitted.
    pub outcome: Outcome,
    /// Whom to ask about it.
    pub contact: DutyContact,
}

/// What is put beside the entries that is no secret of theirs.
struct Page {
    request: Handle,
    now: Timestamp,
    hearer: Hearer,
    next: Option<String>,
}

impl ReadWholeAccount {
    /// Whose cursors lead through this account.
    pub fn cursor_of<'a>(reader: &'a AgencyId, request: &'a Handle) -> CursorFor<'a> {
        CursorFor { operation: WHOLE_OPERATION, reader: reader.as_str(), subject: request.as_bytes() }
    }
}

impl Disclosure for ReadWholeAccount {
    type Action = AccountRelease;
    type View = WholeAccountView;
    // How many lines were looked at and left out must not show in the time: a tick is that of some thousands.
    const TICKS: bool = true;
    const TICK: Duration = Duration::from_millis(250);

    fn subject(&self) -> Subject {
        Subject::Record(Kind::SubjectAccess, self.request)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<AccountRelease>,
    ) -> Result<Sealed<WholeAccountView>, Rejection> {
        let agency = call.caller.agency();
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a request without a record"))?;
        let request = tx.document_read::<_, SubjectAccessRecord>(permit, agency, record)?;
        let (now, directory) = (self.journal.now(), self.journal.directory());
        let hearer =
            Hearer { agency: agency.clone(), is_alone: request.judge(&(), heard_alone).is_ok(), directory };
        let of = AccountOf { person: target.person, reader: agency, extent: Extent::Whole, now };
        let limit = if self.print.is_some() { PRINTED } else { PAGE };
        let page = tx.account_read(permit, &of, (self.from, limit), &hearer, told_to_person)?;
        let next = match page.next {
            Some(position) => Some(
                tx.keys()
                    .cursor_seal(&Self::cursor_of(agency, &self.request), &position.to_be_bytes())
                    .map_err(Error::from)?,
            ),
            None => None,
        };
        let page_of = Page { request: self.request, now, hearer, next };
        Ok(page.entries.beside(page_of).try_view(view)?)
    }

    fn form(&self) -> Form<WholeAccountView> {
        self.print.map_or(Form::Json, Form::Page)
    }

    fn next_page(view: &WholeAccountView) -> Option<String> {
        view.next.clone()
    }
}

fn heard_alone(request: &Document<SubjectAccessRecord>, _: &()) -> Result<(), ()> {
    if request.value.is_heard_alone() { Ok(()) } else { Err(()) }
}

fn view((entries, page): &(Vec<AccountEntry>, Page)) -> Result<WholeAccountView, Error> {
    let directory = &page.hearer.directory;
    let asked_at = named(directory, &page.hearer.agency)?;
    Ok(WholeAccountView {
        request: page.request,
        read_at: to_the_minute(page.now),
        asked_at: asked_at.name.clone(),
        contact: DutyContact::of(asked_at),
        disclosures: entries
            .iter()
            .map(|entry| Ok(row(entry, named(directory, &entry.asker)?)))
            .collect::<Result<_, Error>>()?,
        notes: words::NOTES.to_vec(),
        next: page.next.clone(),
    })
}

fn named<'d>(directory: &'d Directory, id: &AgencyId) -> Result<&'d Agency, Error> {
    directory.agency(id).map(AsRef::as_ref).ok_or(Error::Corrupt("an agency is not in the directory"))
}

fn row(entry: &AccountEntry, asker: &Agency) -> AccountRow {
    AccountRow {
        recorded_at: to_the_minute(entry.recorded_at),
        agency: asker.name.clone(),
        role: entry.role.map(words::role),
        what: words::act(entry),
        purpose: entry.purpose.map(words::purpose),
        segments: entry.released.iter().collect(),
        basis: words::basis(entry.confidentiality, entry.art6),
        outcome: entry.outcome,
        contact: DutyContact::of(asker),
    }
}
