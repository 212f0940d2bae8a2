//! One person's line of a national return: read by itself, while her own consent to it counts, and so an entry of the log and of her account.

use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use utoipa::ToSchema;

use super::contents::{has_case, is_of_month};
use super::model::ReturnConsentRecord;
use crate::calendar::Calendar;
use crate::domain::caseload::model::{CloseCode, EpisodeRecord};
use crate::domain::client::{ClientHead, person_in};
use crate::domain::dir::{NationalDataset, Person};
use crate::domain::month::Month;
use crate::domain::person::{NameKind, Sex};
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::Sealed;
use crate::policy::action::ReturnRead;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Segment, SegmentSet};

/// `GET /return-consents/{id}/line`.
pub struct ReadLine {
    /// What the agency calls the consent on which it rests.
    pub id: Handle,
    /// Of which month.
    pub month: Month,
    /// What day it is.
    pub calendar: Arc<Calendar>,
    /// The present moment.
    pub now: Timestamp,
}

/// A line of a national return.
#[derive(Debug, Serialize, ToSchema)]
pub struct LineView {
    /// What the agency calls the consent on which it rests.
    #[schema(value_type = String)]
    pub id: Handle,
    /// What the agency calls the person: the reference of the line.
    #[schema(value_type = Option<String>)]
    pub client_ref: Option<Handle>,
    /// Which return.
    pub dataset: NationalDataset,
    /// Of which month.
    #[schema(value_type = String)]
    pub month: Month,
    /// Who it is about.
    pub attributor: Attributor,
    /// Her cases with the agency that were open in the month.
    pub cases: Vec<CaseOfMonth>,
}

/// Who a line is about, as the national database tells one from another. What the agency has not written down is missing.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Attributor {
    /// The first letters of the forename and the surname of the legal name.
    pub initials: Option<String>,
    /// The date of birth.
    #[schema(value_type = Option<String>, format = Date)]
    pub date_of_birth: Option<Date>,
    /// `M`, `F`, or `U` where it is not known or not said.
    pub sex: &'static str,
}

/// A case that was open in the month.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CaseOfMonth {
    /// The day of admission.
    #[schema(value_type = String, format = Date)]
    pub admitted_on: Date,
    /// The day on which it was closed, if that was by the end of the month.
    #[schema(value_type = Option<String>, format = Date)]
    pub closed_on: Option<Date>,
    /// Why it was closed, in the handbook's codes, likewise.
    pub close_code: Option<CloseCode>,
}

impl Disclosure for ReadLine {
    type Action = ReturnRead;
    type View = LineView;
    const READ_FIRST: usize = 1;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::ReturnConsent, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReturnRead>,
    ) -> Result<Sealed<LineView>, Rejection> {
        let (agency, target) = (call.caller.agency(), target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a consent without a record"))?;
        let consent = tx.document_read::<_, ReturnConsentRecord>(permit, agency, record)?;
        consent.judge(&(self.month, self.calendar.date_of(self.now)), counts)?;
        let cases = has_case(tx, permit, (agency, target.person), self.month)?.ok_or_else(not_in_it)?;
        let who = permit.released().intersection(SegmentSet::EMPTY.with(Segment::Identity));
        let client = match tx.client_known(agency, target.person)? {
            Some(client) => tx.segments_read::<_, ClientHead>(permit, agency, client, who)?,
            None => tx.segments_unwritten(permit, agency, target.person, ClientHead {}),
        };
        let beside = (self.id, target.client_ref, self.month, agency.clone());
        Ok(consent.with(client).with(cases).beside(beside).try_view(line)?)
    }
}

/// There is no such line: the same to everybody who may not read one.
fn not_in_it() -> Problem {
    Problem::because(ProblemType::NotFoundOrNotPermitted, "not-in-return")
}

fn counts(consent: &Document<ReturnConsentRecord>, (month, today): &(Month, Date)) -> Result<(), Problem> {
    let consent = &consent.value;
    if consent.is_for(consent.dataset, *month, *today) { Ok(()) } else { Err(not_in_it()) }
}

type Papers = ((Document<ReturnConsentRecord>, Segments<ClientHead>), Vec<Document<EpisodeRecord>>);
type Beside = (Handle, Option<Handle>, Month, AgencyId);

fn line((((consent, client), cases), beside): &(Papers, Beside)) -> Result<LineView, Error> {
    let (id, client_ref, month, agency) = beside;
    let person = person_in(SegmentSet::EMPTY.with(Segment::Identity), &client.segments)?;
    let cases = cases.iter().filter(|case| is_of_month(case, agency, *month));
    Ok(LineView {
        id: *id,
        client_ref: *client_ref,
        dataset: consent.value.dataset,
        month: *month,
        attributor: attributor(&person),
        cases: cases.map(|case| case_of_month(&case.value, *month)).collect(),
    })
}

fn attributor(person: &Person) -> Attributor {
    let legal = person.names.iter().find(|name| name.kind == NameKind::Legal);
    let initial = |text: Option<&str>| text.and_then(|text| text.trim().chars().next());
    let initials = legal.and_then(|name| {
        let (forename, surname) = (initial(Some(name.forename.as_str()))?, initial(name.surname.as_deref())?);
        Some([forename, surname].iter().flat_map(|letter| letter.to_uppercase()).collect())
    });
    let sex = match person.sex {
        Some(Sex::Female) => "F",
        Some(Sex::Male) => "M",
        Some(Sex::NotKnown | Sex::NotSpecified) | None => "U",
    };
    Attributor { initials, date_of_birth: person.date_of_birth, sex }
}

/// What was so at the end of the month: what came after it is for the next one.
fn case_of_month(case: &EpisodeRecord, month: Month) -> CaseOfMonth {
    let closed_on = case.closed_on().filter(|closed| *closed <= month.last());
    CaseOfMonth {
        admitted_on: case.admitted_on,
        closed_on,
        close_code: case.close_code.filter(|_| closed_on.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;
    use crate::domain::person::Name;

    fn name(kind: NameKind, forename: &str, surname: Option<&str>) -> Name {
        Name { kind, forename: forename.into(), middle_names: None, surname: surname.map(Into::into) }
    }

    #[test]
    fn an_attributor_is_made_of_the_legal_name_alone_and_lacks_what_is_not_known() {
        let mut person = Person {
            names: vec![
                name(NameKind::NameToUse, "Zeta", Some("Zinnia")),
                name(NameKind::Legal, "testa", Some("Alder")),
            ],
            date_of_birth: Some(date(1990, 1, 31)),
            sex: Some(Sex::Female),
            ..Person::default()
        };
        let whole =
            Attributor { initials: Some("TA".to_owned()), date_of_birth: Some(date(1990, 1, 31)), sex: "F" };
        assert_eq!(attributor(&person), whole);
        person.names =
            vec![name(NameKind::Alias, "Zeta", Some("Zinnia")), name(NameKind::Legal, "Testa", None)];
        person.sex = Some(Sex::NotSpecified);
        assert_eq!(attributor(&person), Attributor { initials: None, sex: "U", ..whole });
    }
}
