//! Telling where somebody goes from court: one agency at a time, so that what is missing for the one holds up nothing for the other.

use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::CourtOutcome;
use super::model::{Decided, DestinationRecord, Ground, Sat, TOLD, Who};
use crate::calendar::Calendar;
use crate::directory::{Agency, AgencyStatus};
use crate::domain::agreed::{Passing, consent_required, may_pass};
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::domain::task::Halfway;
use crate::domain::validation::{clean_line, plausible_date};
use crate::id::{AgencyId, Handle};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::DestinationTell;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, DutyRole, EventType, Purpose, Segment, TaskKind};

/// Where somebody goes from court. There is no place for the offence, or for what was said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DestinationGiven {
    /// Who is told: the prison's team, or the team that is to expect the person; your own, too.
    #[schema(value_type = String)]
    pub agency: AgencyId,
    /// The name to call the person by.
    #[validate(custom(function = "clean_line"))]
    pub name: String,
    /// When the person was born.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = String, format = Date)]
    pub date_of_birth: Date,
    /// The day on which the court sat.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = String, format = Date)]
    pub court_on: Date,
    /// What it decided.
    pub outcome: CourtOutcome,
    /// The prison, where the person goes to one.
    #[validate(custom(function = "clean_line"))]
    pub prison: Option<String>,
    /// The next hearing, or the day of release, where the court said one.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = Option<String>, format = Date)]
    pub next_on: Option<Date>,
}

/// `POST /clients/{ref}/destinations`.
pub struct TellDestination {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// What is told.
    pub given: DestinationGiven,
    /// Knows the directory.
    pub journal: Journal,
    /// Days.
    pub calendar: Arc<Calendar>,
}

/// It is told.
#[derive(Debug, Serialize, ToSchema)]
pub struct DestinationTold {
    /// What the caller calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// Whether anybody is there now, and whom to ring if nobody says that it has come in; of the directory alone.
    pub receiver: Receiver,
}

/// Who is told, as the directory has it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = DestinationReceiver)]
pub struct Receiver {
    /// Whether its office is open now.
    pub open_now: bool,
    /// The duty role that answers.
    pub on_duty: String,
    /// The number to ring now.
    pub telephone: String,
}

impl Command for TellDestination {
    type Action = DestinationTell;
    type Acknowledgement = DestinationTold;
    // Whether the other agency knows the person already, or anybody has a flag, must not show in its time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<DestinationTell>,
        changes: &mut Changes,
    ) -> Result<Accepted<DestinationTold>, Rejection> {
        let principal = worker(call)?;
        let (agency, person, now) = (&principal.agency, target_of(permit)?.person, changes.now());
        let today = self.calendar.date_of(now);
        let (ground, receiver) = self.receiver(principal, now)?;
        self.check(today)?;
        let to = &self.given.agency;
        if ground == Ground::Consent {
            let (from, to, purpose) = (agency.clone(), to.clone(), Purpose::CourtOrStatutory);
            tx.documents_of_person(permit, person, Kind::Consent)?
                .judge(&Passing { from, to, purpose, what: TOLD, now, today }, may_pass)
                .map_err(|()| consent_required("agency"))?;
        }
        let version = NewVersion::first(Kind::Destination, person, agency);
        self.put(tx, changes, &version, (ground, principal))?;
        let id = changes.own_handle(tx, &version)?;
        self.tell(tx, changes, &version, (id, principal, ground))?;
        // What the court decided is for those alone who are named: of whoever goes to prison, too, a flag says no more than this.
        tell_reappearance(tx, permit, changes, person, Reappeared::Referred, agency, None)?;
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/destinations/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: DestinationTold { id, receiver },
        })
    }
}

impl TellDestination {
    /// On what it rests that the agency which is named is told, and how it is reached: both follow from the directory alone.
    fn receiver(&self, principal: &Principal, now: jiff::Timestamp) -> Result<(Ground, Receiver), Problem> {
        let directory = self.journal.directory();
        let to = directory.agency(&self.given.agency).filter(|agency| agency.status == AgencyStatus::Active);
        let between =
            |to: &Agency| Ground::between(principal.agency_type, to.agency_type, to.id == principal.agency);
        let Some((to, ground)) = to.and_then(|to| Some((to, between(to)?))) else {
            let message = "must be an active team, or a prison's, that is told by your agency";
            return Err(wrong("agency", "unknown-agency", message));
        };
        let is_custody = self.given.outcome.is_custody();
        if ground == Ground::OffenderManagement && to.agency_type == AgencyType::Carat && !is_custody {
            return Err(wrong(
                "agency",
                "rule",
                "is told without consent of who goes to prison, and of nobody else",
            ));
        }
        let receiver = Receiver {
            open_now: to.is_open_at(now, &self.calendar),
            on_duty: to.contact.spoc.clone(),
            telephone: to.telephone_at(now, &self.calendar).to_owned(),
        };
        Ok((ground, receiver))
    }

    fn check(&self, today: Date) -> Result<(), Problem> {
        let DestinationGiven { court_on, outcome, prison, next_on, .. } = &self.given;
        if *court_on > today {
            return Err(wrong("court_on", "rule", "must not be in the future"));
        }
        if outcome.is_custody() != prison.is_some() {
            return Err(wrong(
                "prison",
                "rule",
                "is required for who goes to prison, and goes with nothing else",
            ));
        }
        if next_on.is_some_and(|next| next < *court_on) {
            return Err(wrong("next_on", "rule", "must not be before the court sat"));
        }
        if next_on.is_some() && *outcome == CourtOutcome::Free {
            return Err(wrong("next_on", "rule", "does not go with an outcome that holds nobody"));
        }
        Ok(())
    }

    fn put(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        version: &NewVersion,
        (ground, principal): (Ground, &Principal),
    ) -> Result<(), Error> {
        let DestinationGiven { agency: to, name, date_of_birth, court_on, outcome, prison, next_on } =
            self.given.clone();
        let by = (principal.agency.clone(), principal.worker.clone());
        let head = DestinationRecord { ground, by, at: changes.now(), to };
        changes.document_put_sent(tx, version, &head)?;
        let who = written(&Who { name, date_of_birth })?;
        changes.segment_put_sent(tx, version, Segment::Identity, &who)?;
        changes.segment_put_sent(tx, version, Segment::Attendance, &written(&Sat { court_on })?)?;
        let decided = written(&Decided { outcome, prison, next_on })?;
        changes.segment_put_sent(tx, version, Segment::Offending, &decided)
    }

    /// Who is told has until the end of the day to say that it has come in; who told it rings there if nobody does.
    fn tell(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        version: &NewVersion,
        (id, principal, ground): (Handle, &Principal, Ground),
    ) -> Result<(), Error> {
        let (to, person) = (&self.given.agency, version.person);
        let due_at = self.calendar.end_of(self.calendar.date_of(changes.now()));
        let own = format!("/v1/destinations/{id}");
        let subject = if ground == Ground::Own {
            own.clone()
        } else {
            changes.client_make_known(tx, to, person)?;
            format!("/v1/destinations/{}", changes.handle_new(to, version))
        };
        changes.notify(to, EventType::DestinationTold, subject.clone());
        let (lies_with, kind) = ((to, DutyRole::CaseManagement), TaskKind::ReceiveFromCourt);
        Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, version);
        let lies_with = (&principal.agency, DutyRole::Referrals);
        let holder = Some(tx.task_holder(&principal.agency, &principal.worker));
        let kind = TaskKind::ChaseDestination;
        Halfway { lies_with, holder, kind, subject: own, due_at }.put(changes, version);
        Ok(())
    }
}

fn written<T: Serialize>(part: &T) -> Result<zeroize::Zeroizing<Vec<u8>>, Error> {
    let json = serde_json::to_vec(part).map_err(|_| Error::Corrupt("a destination does not serialise"))?;
    Ok(zeroize::Zeroizing::new(json))
}

fn wrong(field: &'static str, code: &'static str, message: &'static str) -> Problem {
    Problem::field(ProblemType::UnprocessableDocument, field, code, message)
}
