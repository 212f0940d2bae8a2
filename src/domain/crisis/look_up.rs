//! Looking somebody up in a crisis: alike in form, size and cost whatever is found.

use std::sync::Arc;

use super::codes::CrisisOutcome;
use super::model::{CrisisAsked, CrisisRecord};
use super::view::{CrisisView, Found, Reaches, ServiceToRing, one_more, shown};
use crate::calendar::Calendar;
use crate::directory::{Agency, AgencyStatus};
use crate::domain::agreed::{Consents, Passing, may_pass};
use crate::domain::caseload::{CheckBudget, Elsewhere};
use crate::domain::client::ClientHead;
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::domain::holders::holders;
use crate::id::{Handle, PersonId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::Accepted;
use crate::journal::disclosure::Rejection;
use crate::journal::exchange::Exchange;
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::CrisisLookUp;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Kind, Segments};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{Purpose, Segment, SegmentSet};

/// `POST /clients/{ref}/crisis-look-ups`.
pub struct LookUpInCrisis {
    /// The agency's own reference for the person, whom it must have presented itself.
    pub client_ref: Handle,
    /// Why.
    pub asked: CrisisAsked,
    /// Knows the time and the directory.
    pub journal: Journal,
    /// The working days.
    pub calendar: Arc<Calendar>,
    /// How many checks a worker and an agency may ask in a day: a look-up is one of them.
    pub budget: CheckBudget,
    /// The operator's help line, which leads to whoever must not be named.
    pub help_line: String,
}

impl Exchange for LookUpInCrisis {
    type Action = CrisisLookUp;
    type View = CrisisView;
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<CrisisLookUp>,
        changes: &mut Changes,
    ) -> Result<Accepted<Sealed<CrisisView>>, Rejection> {
        let principal = worker(call)?;
        let (agency, person, now) = (&principal.agency, target_of(permit)?.person, changes.now());
        self.is_on_the_line(principal, now)?;
        if tx.record_of_agency(agency, Kind::Client, person)?.is_none() {
            let message = "this agency must have presented the person itself";
            return Err(stands_against("client_ref", "presentation-required", message).into());
        }
        self.budget.spend(tx, changes, principal, &self.calendar)?;
        let undecided = Elsewhere::of(tx, permit, agency, person)?.undecided;
        let mut held_by = holders(tx, permit, person)?;
        held_by.remove(agency);
        let outcome = CrisisOutcome::of(!held_by.is_empty(), undecided);

        let version = NewVersion::first(Kind::CrisisLookUp, person, agency);
        let by = principal.worker.clone();
        let looked_up = CrisisRecord { by, at: now, reason: self.asked.reason, outcome };
        changes.document_put_sent(tx, &version, &looked_up)?;
        let reference = changes.handle_new(agency, &version);
        tell_reappearance(tx, permit, changes, person, Reappeared::Checked, agency, None)?;

        let named = self.named(tx, permit, (person, principal), held_by, now)?;
        let mut reaches: Sealed<Reaches> = Sealed::new(permit, None);
        for service in &named {
            let theirs = self.contact(tx, permit, service, person)?;
            reaches = reaches.with(theirs).try_view(one_more)?;
        }
        let services = named.iter().map(|service| at_this_hour(service, &self.calendar, now)).collect();
        let found = Found { reference, outcome, telephone: self.help_line.clone(), services };
        let acknowledgement = reaches.beside(found).try_view(shown)?;
        Ok(Accepted { status: 201, location: None, etag: None, acknowledgement })
    }
}

impl LookUpInCrisis {
    /// It is for the staff of a line, while their own office is closed. By day there is the caseload check.
    fn is_on_the_line(&self, principal: &Principal, now: jiff::Timestamp) -> Result<(), Problem> {
        let directory = self.journal.directory();
        let own = directory.agency(&principal.agency);
        if own.is_none_or(|own| own.contact.telephone_out_of_hours.is_none()) {
            let message = "is for agencies that the directory lists with a number for nights and weekends";
            let errors = vec![FieldProblem::new("agency", "no-line", message)];
            return Err(Problem { errors, ..Problem::because(ProblemType::PurposeNotPermitted, "no-line") });
        }
        if own.is_some_and(|own| is_open(own, &self.calendar, now)) {
            let message = "your own office is open: ask by a caseload check";
            return Err(stands_against("agency", "office-hours", message));
        }
        Ok(())
    }

    /// The holders that may be named to the line: whose contact the person lets it know, and what their names tell by themselves.
    fn named(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<CrisisLookUp>,
        (person, principal): (PersonId, &Principal),
        held_by: impl IntoIterator<Item = crate::id::AgencyId>,
        now: jiff::Timestamp,
    ) -> Result<Vec<Arc<Agency>>, Error> {
        let directory = self.journal.directory();
        let consents: Sealed<Consents> = tx.documents_of_person(permit, person, Kind::Consent)?;
        let contact = SegmentSet::EMPTY.with(Segment::Contact);
        let may_be_named = |holder: &Arc<Agency>| {
            let passing = Passing {
                from: holder.id.clone(),
                to: principal.agency.clone(),
                purpose: Purpose::ContinuityOfCare,
                what: holder.agency_type.tells().map_or(contact, |told| contact.with(told)),
                now,
                today: self.calendar.date_of(now),
            };
            holder.status == AgencyStatus::Active && consents.judge(&passing, may_pass).is_ok()
        };
        let known = held_by.into_iter().filter_map(|holder| directory.agency(&holder).cloned());
        Ok(known.filter(may_be_named).collect())
    }

    /// What a service that may be named wrote of how the person is reached.
    fn contact(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<CrisisLookUp>,
        service: &Agency,
        person: PersonId,
    ) -> Result<Sealed<Segments<ClientHead>>, Error> {
        let wanted = SegmentSet::EMPTY.with(Segment::Contact);
        match tx.record_of_agency(&service.id, Kind::Client, person)? {
            Some(record) => tx.segments_read(permit, &service.id, record, wanted),
            None => Ok(tx.segments_unwritten(permit, &service.id, person, ClientHead {})),
        }
    }
}

fn is_open(agency: &Agency, calendar: &Calendar, now: jiff::Timestamp) -> bool {
    !calendar.is_bank_holiday(calendar.date_of(now)) && agency.is_open_at(now)
}

/// A service with its number at this hour.
fn at_this_hour(service: &Arc<Agency>, calendar: &Calendar, now: jiff::Timestamp) -> ServiceToRing {
    let contact = &service.contact;
    let out_of_hours = contact.telephone_out_of_hours.as_ref().filter(|_| !is_open(service, calendar, now));
    let telephone = out_of_hours.unwrap_or(&contact.telephone_office).clone();
    ServiceToRing { agency: service.id.clone(), telephone }
}

fn stands_against(field: &'static str, code: &'static str, message: &'static str) -> Problem {
    let errors = vec![FieldProblem::new(field, code, message)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, code) }
}
