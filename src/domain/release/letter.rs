//! The letter that a person carries out of the gate where nobody can come: drafted when it is asked for, and only where a letter is safe.

use std::sync::Arc;

use jiff::civil::{Date, Time};
use serde::Serialize;
use utoipa::ToSchema;

use super::plan::{ReleasePlanRecord, ReleaseState};
use crate::directory::Agency;
use crate::domain::client::{Written, person_in, written_of};
use crate::domain::person::{Channel, SafeContact, name_to_use};
use crate::id::Handle;
use crate::journal::call::Call;
use crate::journal::disclosure::{Disclosure, Rejection};
use crate::journal::sealed::{Form, Sealed};
use crate::journal::{Journal, worker};
use crate::policy::action::{ClientRead, ReleaseRead};
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::SegmentSet;

/// `GET /release-plans/{id}/letter`.
pub struct ReadLetter {
    /// What the agency calls the plan.
    pub id: Handle,
    /// Whose directory says who receives.
    pub journal: Journal,
    /// Writes the page, where one is asked for.
    pub print: Option<fn(&LetterView) -> String>,
}

/// The letter: where to go, when, and whom to ring. Nothing of why.
#[derive(Serialize, ToSchema)]
pub struct LetterView {
    /// The name to call the person by; none where it was not written down.
    pub name: Option<String>,
    /// The day of the first appointment.
    #[schema(value_type = Option<String>, format = Date)]
    pub day: Option<Date>,
    /// Its time.
    #[schema(value_type = Option<String>)]
    pub time: Option<Time>,
    /// Where.
    pub place: Option<String>,
    /// The service, where the person said that it may be named.
    pub service: Option<String>,
    /// Whom to ring.
    pub telephone: String,
    /// Whom to ring at night and at weekends.
    pub telephone_out_of_hours: Option<String>,
    /// Whom to ring in a crisis.
    pub telephone_crisis: Option<String>,
}

type Read = (Document<ReleasePlanRecord>, Person);

impl Disclosure for ReadLetter {
    type Action = ReleaseRead;
    type View = LetterView;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::ReleasePlan, self.id)
    }

    fn read(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ReleaseRead>,
    ) -> Result<Sealed<LetterView>, Rejection> {
        let principal = worker(call)?;
        let (agency, target) = (&principal.agency, target_of(permit)?);
        let record = target.record.ok_or(Error::Corrupt("a release plan without a record"))?;
        let plan = tx.document_read::<_, ReleasePlanRecord>(permit, agency, record)?;
        plan.judge(&(), is_ahead)?;
        // What the agency wrote down of how the person may be reached; whoever was only referred has said nothing of it here.
        let subject = target.client_ref.map_or(Subject::Nobody, Subject::Client);
        let reads = self.journal.also_permits::<ClientRead>(tx, principal, subject)?.ok_or_else(not_safe)?;
        let written = written_of(tx, &reads, (agency, target.person), reads.released())?;
        let person = written.beside(reads.released());
        person.judge(&(), a_letter_is_safe)?;
        let directory = self.journal.directory();
        let receives = directory
            .iter()
            .find(|receiver| plan.judge(&(agency.clone(), receiver.id.clone()), is_received_by).is_ok())
            .cloned()
            .ok_or(Error::Corrupt("nobody in the directory receives the person"))?;
        Ok(plan.with(person).beside(receives).try_view(letter)?)
    }

    fn form(&self) -> Form<LetterView> {
        self.print.map_or(Form::Json, Form::Page)
    }
}

fn is_ahead(plan: &Document<ReleasePlanRecord>, (): &()) -> Result<(), Problem> {
    if matches!(plan.value.state, ReleaseState::Planned | ReleaseState::Released) {
        Ok(())
    } else {
        Err(Problem::because(ProblemType::InvalidTransition, "release-over"))
    }
}

fn is_received_by(
    plan: &Document<ReleasePlanRecord>,
    (own, agency): &(crate::id::AgencyId, crate::id::AgencyId),
) -> Result<(), ()> {
    if plan.value.planned.receiver.as_ref().unwrap_or(own) == agency { Ok(()) } else { Err(()) }
}

/// What the agency wrote down of the person, as far as its worker reads it.
type Person = (Written, SegmentSet);

/// Whether the person said that something written may be handed over. Whoever said nothing under the reference that is used did not; and what
/// she said under another that the agency has for her must not stand against it.
pub(in crate::domain) fn a_letter_is_safe(person: &Person, (): &()) -> Result<(), Rejection> {
    let safe = all_rules(person, |rule| rule.allows(Channel::Letter))?;
    if safe { Ok(()) } else { Err(not_safe().into()) }
}

/// Whether she said, likewise, that it may name the service.
pub(in crate::domain) fn may_name_service(person: &Person) -> Result<bool, Error> {
    all_rules(person, |rule| rule.may_name_service)
}

/// Whether there is a rule of safe contact under the reference that is used, and each rule that there is lets it be.
fn all_rules((written, permitted): &Person, lets: fn(&SafeContact) -> bool) -> Result<bool, Error> {
    let rules = written.iter().map(|client| Ok(person_in(*permitted, &client.segments)?.safe_contact));
    let rules = rules.collect::<Result<Vec<_>, Error>>()?;
    Ok(rules.first().is_some_and(Option::is_some) && rules.iter().flatten().all(lets))
}

fn letter(((plan, person), receives): &(Read, Arc<Agency>)) -> Result<LetterView, Error> {
    let (written, permitted) = person;
    let named = may_name_service(person)?;
    let used = written.first().ok_or(Error::Corrupt("a safe letter to whom nobody wrote down"))?;
    let person = person_in(*permitted, &used.segments)?;
    let first = plan.value.planned.first_appointment.as_ref();
    // A name that tells what kind of service it is stands on no letter.
    let tells = receives.agency_type.tells().is_some();
    let contact = &receives.contact;
    Ok(LetterView {
        name: name_to_use(&person.names),
        day: first.map(|first| first.at.date()),
        time: first.map(|first| first.at.as_datetime().time()),
        place: first.map(|first| first.place.clone()),
        service: (named && !tells).then(|| receives.name.clone()),
        telephone: first
            .and_then(|first| first.phone.clone())
            .unwrap_or_else(|| contact.telephone_office.clone()),
        telephone_out_of_hours: contact.telephone_out_of_hours.clone(),
        telephone_crisis: contact.telephone_crisis.clone(),
    })
}

/// Nothing written is handed over.
pub(in crate::domain) fn not_safe() -> Problem {
    let message = "the person has not said that a letter is safe; hand the appointment over by voice";
    let errors = vec![FieldProblem::new("safe_contact", "letter-not-safe", message)];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, "letter-not-safe") }
}
