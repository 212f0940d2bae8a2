//! Who is in the national return of a month: a list of handles of the agency's own, each of which leads to a line.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::civil::{Date, time};
use jiff::{Timestamp, ToSpan as _};
use serde::Serialize;
use utoipa::ToSchema;

use super::model::ReturnConsentRecord;
use crate::calendar::Calendar;
use crate::domain::caseload::model::EpisodeRecord;
use crate::domain::dir::NationalDataset;
use crate::domain::fault::{Faults, FieldFault};
use crate::domain::month::Month;
use crate::id::{AgencyId, Handle, PersonId};
use crate::journal::Journal;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::{Action, ReturnList};
use crate::policy::permit::Permit;
use crate::store::facts::Subject;
use crate::store::record::{ByHandle, Document, Kind};
use crate::store::{Error, Snapshot};

/// How many consents are looked through at once.
const STRETCH: i64 = 200;

/// The month of which a return is asked: it must be over. Left out, the last one that is.
///
/// # Errors
/// A month that is not over.
pub fn over(month: Option<Month>, now: Timestamp, calendar: &Calendar) -> Result<Month, Vec<FieldFault>> {
    let last = Month::of(calendar.date_of(now)).later(-1);
    let mut faults = Faults::default();
    faults.require(month.is_none_or(|month| month <= last), "month", "must be over");
    faults.into_result().map(|()| month.unwrap_or(last))
}

/// `GET /national-returns`.
pub struct ReadReturn {
    /// Which return; `None` for each.
    pub dataset: Option<NationalDataset>,
    /// Of which month.
    pub month: Month,
    /// What day it is.
    pub calendar: Arc<Calendar>,
    /// Knows what time it is.
    pub journal: Journal,
}

/// The contents of a return: where its lines are, and nothing of what stands in them.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnContents {
    /// Of which month.
    #[schema(value_type = String)]
    pub month: Month,
    /// One for each client of the agency who is in a return.
    pub lines: Vec<ReturnLine>,
    #[serde(skip)]
    valid_until: Timestamp,
}

/// Where a line is.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReturnLine {
    /// Of which return.
    pub dataset: NationalDataset,
    /// What the agency calls the consent on which it rests.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the agency calls the person, whom a token to read the line must name.
    #[schema(value_type = String)]
    pub client_ref: Handle,
}

/// What is asked of a consent: by its handle, for which return, of which month, and on which day.
type Asked = (Handle, NationalDataset, Month, Date);

impl Disclosure for ReadReturn {
    type Action = ReturnList;
    type View = ReturnContents;

    fn subject(&self) -> Subject {
        Subject::Collection
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReturnList>,
    ) -> Result<Sealed<ReturnContents>, Rejection> {
        let agency = call.caller.agency();
        let today = self.calendar.date_of(self.journal.now());
        let mut after = (i64::MIN, Handle::from_bytes([0; 16]));
        let (mut lines, mut listed) = (Vec::new(), BTreeSet::new());
        let datasets = NationalDataset::ALL.iter().copied();
        let datasets: Vec<_> =
            datasets.filter(|of| self.dataset.is_none_or(|wanted| wanted == *of)).collect();
        loop {
            let page = tx.handles_page(agency, Kind::ReturnConsent, after, STRETCH)?;
            let more = i64::try_from(page.len()).is_ok_and(|found| found == STRETCH);
            let consents = tx.documents_of_handles::<_, ReturnConsentRecord>(permit, &page)?;
            for line in page {
                after = (line.created_us, line.handle);
                let is_for =
                    |dataset| consents.judge(&(line.handle, dataset, self.month, today), agrees).is_ok();
                let Some(dataset) = datasets.iter().copied().find(|dataset| is_for(*dataset)) else {
                    continue;
                };
                if has_case(tx, permit, (agency, line.person), self.month)?.is_none() {
                    continue;
                }
                // Who has two references at the agency, and ticked the box under each before that was known, is in it once.
                let persons: Vec<PersonId> = tx.cluster_of(line.person)?.persons().collect();
                if persons.iter().any(|person| listed.contains(&(dataset, *person))) {
                    continue;
                }
                listed.extend(persons.into_iter().map(|person| (dataset, person)));
                if let Some(client_ref) = tx.client_ref_of(agency, line.person)? {
                    lines.push(ReturnLine { dataset, id: line.handle, client_ref });
                }
            }
            if !more {
                break;
            }
        }
        // A consent counts by days.
        let valid_until = self.calendar.moment(today.saturating_add(1.day()), time(0, 0, 0, 0));
        Ok(Sealed::new(permit, ReturnContents { month: self.month, lines, valid_until }))
    }

    fn valid_until(view: &ReturnContents) -> Option<Timestamp> {
        Some(view.valid_until)
    }
}

#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn agrees(consents: &ByHandle<ReturnConsentRecord>, (id, dataset, month, today): &Asked) -> Result<(), ()> {
    let consent = consents.iter().find(|(of, _)| of == id).map(|(_, consent)| &consent.value);
    consent.filter(|consent| consent.is_for(*dataset, *month, *today)).map(|_| ()).ok_or(())
}

/// The cases that an agency has of somebody, if any of its own was open in a month.
pub(super) fn has_case<A: Action>(
    tx: &mut Snapshot<'_>,
    permit: &Permit<A>,
    (agency, person): (&AgencyId, PersonId),
    month: Month,
) -> Result<Option<Sealed<Vec<Document<EpisodeRecord>>>>, Error> {
    let cases = tx.documents_of_person(permit, person, Kind::Episode)?;
    let is_there = cases.judge(&(agency.clone(), month), is_one_of_month).is_ok();
    Ok(is_there.then_some(cases))
}

#[allow(clippy::ptr_arg, reason = "the form of a judgement on what is sealed")]
fn is_one_of_month(
    cases: &Vec<Document<EpisodeRecord>>,
    (agency, month): &(AgencyId, Month),
) -> Result<(), ()> {
    cases.iter().any(|case| is_of_month(case, agency, *month)).then_some(()).ok_or(())
}

/// Whether it is the agency's own, and was open on any day of a month, suspended or not.
pub(super) fn is_of_month(case: &Document<EpisodeRecord>, agency: &AgencyId, month: Month) -> bool {
    let is_over_before = match case.value.closed_on() {
        Some(closed) => closed < month.first(),
        // Closed long ago, without a day.
        None => !case.value.is_open(),
    };
    case.custodian == *agency && case.value.admitted_on <= month.last() && !is_over_before
}
