//! Telling children's services of a concern: who it is about, the concern, and nothing else. What else is sent is refused by its name.

use std::sync::Arc;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::{ConcernGround, Telling};
use super::minor::{born, is_adult};
use super::model::ConcernRecord;
use crate::calendar::Calendar;
use crate::directory::{Agency, AgencyStatus, Contact};
use crate::domain::client::{ClientHead, person_in};
use crate::domain::dir::Person;
use crate::domain::dir::filing::redacted;
use crate::domain::person::NameKind;
use crate::domain::task::Halfway;
use crate::domain::validation::clean_text;
use crate::id::{AgencyId, Handle, PersonId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::{Journal, worker};
use crate::policy::action::ConcernRaise;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Kind, Segments};
use crate::store::task::NewTask;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, DutyRole, EventType, Segment, SegmentSet, TaskKind};

/// Within how many hours children's services say that it came in, by day and by night: "at once" in the field (our default).
const RECEIVED_HOURS: i64 = 2;
/// Within how many working days it is reviewed.
const REVIEW_WORKING_DAYS: u32 = 1;

/// What each request about concerns needs to know.
#[derive(Clone)]
pub struct Setting {
    /// Knows the time and the directory.
    pub journal: Journal,
    /// The working days.
    pub calendar: Arc<Calendar>,
}

/// A concern as it is sent.
#[derive(Clone, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcernRaised {
    /// Children's services.
    #[schema(value_type = String)]
    pub recipient: AgencyId,
    /// What the concern is.
    pub ground: ConcernGround,
    /// The concern, and no more than they need to act on it.
    #[validate(length(min = 1, max = 2000), custom(function = "clean_text"))]
    pub concern: String,
    /// Why it is told without consent, for the one who reviews that. It stays in the log, under a retention key: name nobody in it.
    #[validate(length(min = 20, max = 500), non_control_character)]
    pub reason: String,
    /// Whether the person was told.
    pub telling: Telling,
    /// Why that would be unsafe; with `unsafe-to-tell`, and only then.
    #[validate(length(min = 1, max = 500), non_control_character)]
    pub why_unsafe: Option<String>,
}

redacted!(ConcernRaised);

/// `POST /clients/{ref}/concerns`.
pub struct RaiseConcern {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The concern.
    pub raised: ConcernRaised,
    /// What there is besides.
    pub setting: Setting,
}

/// It is on its way. Where a child is in danger now, a call goes before any message.
#[derive(Debug, Serialize, ToSchema)]
pub struct ConcernSent {
    /// What the sender calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// The post at children's services that is on duty.
    pub on_duty: String,
    /// Their office's telephone number.
    pub telephone_office: String,
    /// Their number for nights and weekends.
    pub telephone_out_of_hours: Option<String>,
}

/// What a concern says, in its silent segment.
#[derive(Serialize, Deserialize)]
pub(super) struct Said {
    pub(super) concern: String,
}

impl Command for RaiseConcern {
    type Action = ConcernRaise;
    type Acknowledgement = ConcernSent;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<ConcernRaise>,
        changes: &mut Changes,
    ) -> Result<Accepted<ConcernSent>, Rejection> {
        let principal: &Principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let contact = self.recipient(principal)?;
        self.check()?;
        let version = NewVersion::first(Kind::Concern, person, agency);
        let concern = self.record(principal, changes.now());
        changes.document_put_sent(tx, &version, &concern)?;
        self.put_minimum(tx, permit, changes, &version)?;
        let said = serde_json::to_vec(&Said { concern: self.raised.concern.clone() })
            .map_err(|_| Error::Corrupt("a concern does not serialise"))?;
        changes.segment_put_sent(tx, &version, Segment::Safeguarding, &said)?;
        if let Some(until) = concern.untold_until() {
            changes.keep_untold(until);
        }
        let id = changes.own_handle(tx, &version)?;
        self.tell(tx, changes, (principal, &version), id)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/concerns/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: ConcernSent {
                id,
                on_duty: contact.spoc,
                telephone_office: contact.telephone_office,
                telephone_out_of_hours: contact.telephone_out_of_hours,
            },
        })
    }
}

impl RaiseConcern {
    /// Makes sure that it goes to children's services. To police it does not go: that somebody is worried about is no intelligence, and
    /// who tells police decides that by itself, outside of this.
    fn recipient(&self, principal: &Principal) -> Result<Contact, Problem> {
        let directory = self.setting.journal.directory();
        let recipient = directory.agency(&self.raised.recipient);
        let is = |agency: &Agency, of| agency.agency_type == of;
        if recipient.is_some_and(|agency| is(agency, AgencyType::Police)) {
            return Err(not_permitted(
                "recipient",
                "police-intelligence",
                "a concern is for children's services; to police it is told by no message, and least of all as intelligence",
            ));
        }
        if principal.agency_type == AgencyType::Police && self.raised.ground != ConcernGround::Under18 {
            return Err(not_permitted(
                "ground",
                "police-under-18-alone",
                "through this gateway police tell of somebody under 18, and of nobody else",
            ));
        }
        let takes_part = |agency: &Agency| {
            agency.status == AgencyStatus::Active && is(agency, AgencyType::ChildrensServices)
        };
        match recipient {
            Some(agency) if takes_part(agency) => Ok(agency.contact.clone()),
            _ => Err(wrong("recipient", "unknown-agency", "must be active children's services")),
        }
    }

    fn check(&self) -> Result<(), Problem> {
        let is_unsafe = self.raised.telling == Telling::UnsafeToTell;
        if is_unsafe == self.raised.why_unsafe.is_some() {
            return Ok(());
        }
        Err(wrong("why_unsafe", "rule", "is required with `unsafe-to-tell`, and goes with nothing else"))
    }

    fn record(&self, principal: &Principal, now: Timestamp) -> ConcernRecord {
        let ConcernRaised { recipient, ground, reason, telling, why_unsafe, .. } = self.raised.clone();
        ConcernRecord {
            raised_by: (principal.agency.clone(), principal.worker.clone()),
            at: now,
            recipient,
            ground,
            reason,
            telling,
            why_unsafe,
            received: None,
            reviews: Vec::new(),
        }
    }

    /// Puts who it is about beside it, from what the agency itself wrote down: name and date of birth; of somebody under 18 also how to
    /// reach the person. Nothing else of the person is read.
    fn put_minimum(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<ConcernRaise>,
        changes: &mut Changes,
        version: &NewVersion,
    ) -> Result<(), Rejection> {
        let is_minor = self.raised.ground == ConcernGround::Under18;
        let today = self.setting.calendar.date_of(changes.now());
        let client = self.client(tx, permit, version.person, (is_minor, today))?;
        client.judge(&(is_minor, today), is_known_as_such)?;
        changes.segment_put(tx, version, Segment::Identity, &client.revise(&is_minor, identity)?)?;
        if is_minor {
            changes.segment_put(tx, version, Segment::Contact, &client.revise(&(), contact)?)?;
        }
        Ok(())
    }

    /// What the agency wrote of the person, as far as it goes along: under the reference that is used. Where the ground is that she is under
    /// 18, that which says so, under whatever reference; an adult's day of birth under another takes no child's protection away.
    fn client(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<ConcernRaise>,
        person: PersonId,
        (is_minor, today): (bool, Date),
    ) -> Result<Sealed<Segments<ClientHead>>, Error> {
        let agency = &target_of(permit)?.custodian;
        let identity = SegmentSet::EMPTY.with(Segment::Identity);
        let wanted = if is_minor { identity.with(Segment::Contact) } else { identity };
        let mut first = None;
        for record in tx.clients_known(agency, person)? {
            let client = tx.segments_read(permit, agency, record, wanted)?;
            if !is_minor || client.judge(&today, is_under_age).is_ok() {
                return Ok(client);
            }
            first.get_or_insert(client);
        }
        Ok(first.unwrap_or_else(|| tx.segments_unwritten(permit, agency, person, ClientHead {})))
    }

    /// Children's services learn of it by a name of their own and have two hours; who raised it sees to it that they do; the agency's
    /// privacy officer or Caldicott guardian reviews it.
    fn tell(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        (principal, version): (&Principal, &NewVersion),
        id: Handle,
    ) -> Result<(), Error> {
        let Setting { calendar, .. } = &self.setting;
        let (agency, recipient, now) = (&principal.agency, &self.raised.recipient, changes.now());
        changes.client_make_known(tx, recipient, version.person)?;
        let subject = format!("/v1/concerns/{}", changes.handle_new(recipient, version));
        changes.notify(recipient, EventType::ConcernChanged, subject.clone());
        let received_by = now.saturating_add(SignedDuration::from_hours(RECEIVED_HOURS)).unwrap_or(now);
        let lies_with = (recipient, DutyRole::ChildrensServices);
        let kind = TaskKind::ReceiveConcern;
        Halfway { lies_with, holder: None, kind, subject, due_at: received_by }.put(changes, version);
        let subject = format!("/v1/concerns/{id}");
        changes.task_put(NewTask {
            agency: agency.clone(),
            duty: DutyRole::Privacy,
            holder: Some(tx.task_holder(agency, &principal.worker)),
            kind: TaskKind::ChaseConcern,
            person: version.person,
            record: version.record,
            subject: subject.clone(),
            remind_at: received_by,
            due_at: received_by,
        });
        put_review(changes, version, calendar, subject);
        Ok(())
    }
}

/// Somebody reviews it, within one working day.
pub(super) fn put_review(changes: &mut Changes, version: &NewVersion, calendar: &Calendar, subject: String) {
    let today = calendar.date_of(changes.now());
    let due_at = calendar.end_of(calendar.add_working_days(today, REVIEW_WORKING_DAYS));
    let (lies_with, kind) = ((&version.custodian, DutyRole::Privacy), TaskKind::ReviewConcern);
    Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, version);
}

fn is_under_age(client: &Segments<ClientHead>, today: &Date) -> Result<(), ()> {
    born(client).is_some_and(|born| !is_adult(born, *today)).then_some(()).ok_or(())
}

/// Who it is about must be known; and that the person is under 18, where that is the ground.
fn is_known_as_such(client: &Segments<ClientHead>, (is_minor, today): &(bool, Date)) -> Result<(), Problem> {
    let stands_against = |code, message| {
        let errors = vec![FieldProblem::new("ground", code, message)];
        Err(Problem { errors, ..Problem::because(ProblemType::InvalidTransition, code) })
    };
    let identity = SegmentSet::EMPTY.with(Segment::Identity);
    let is_named = person_in(identity, &client.segments).is_ok_and(|person| !person.names.is_empty());
    match born(client) {
        _ if !is_named => stands_against("identity-required", "write down first who the person is"),
        None if *is_minor => {
            stands_against("date-of-birth-required", "write down first when the person was born")
        }
        Some(born) if *is_minor && is_adult(born, *today) => {
            stands_against("not-under-18", "the person is an adult by what this agency wrote down")
        }
        _ => Ok(()),
    }
}

/// Name and date of birth; of somebody under 18 all of the identity.
fn identity(client: &Segments<ClientHead>, is_minor: &bool) -> Result<Person, Error> {
    let person = person_in(SegmentSet::EMPTY.with(Segment::Identity), &client.segments)?;
    if *is_minor {
        return Ok(person);
    }
    let is_used = |kind| matches!(kind, NameKind::NameToUse | NameKind::Legal | NameKind::Preferred);
    let (used, other): (Vec<_>, Vec<_>) = person.names.into_iter().partition(|name| is_used(name.kind));
    let names = if used.is_empty() { other } else { used };
    Ok(Person { names, date_of_birth: person.date_of_birth, ..Person::default() })
}

/// How to reach somebody under 18.
fn contact(client: &Segments<ClientHead>, (): &()) -> Result<Person, Error> {
    person_in(SegmentSet::EMPTY.with(Segment::Contact), &client.segments)
}

fn wrong(field: &str, code: &'static str, message: &str) -> Problem {
    Problem::field(ProblemType::UnprocessableDocument, field, code, message)
}

/// The request says by itself that it is not permitted, whoever it is about.
fn not_permitted(field: &str, code: &'static str, message: &str) -> Problem {
    let errors = vec![FieldProblem::new(field, code, message)];
    Problem { errors, ..Problem::because(ProblemType::PurposeNotPermitted, code) }
}
