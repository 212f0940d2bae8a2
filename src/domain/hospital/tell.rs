//! Telling whoever holds a person that she is in hospital: alike in form, size and cost whoever that is, and where nobody does.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::Setting;
use super::codes::{Ground, HospitalEvent};
use super::model::HospitalRecord;
use crate::directory::{AgencyStatus, Directory};
use crate::domain::agreed::{Consents, Passing, may_pass};
use crate::domain::holders::holders;
use crate::domain::minute::Minute;
use crate::domain::relay::Relay;
use crate::domain::task::Halfway;
use crate::domain::validation::{plausible_minute, valid_phone};
use crate::id::{AgencyId, Handle, PersonId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::HospitalTell;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::store::{Error, Snapshot};
use crate::vocabulary::{DutyRole, EventType, Purpose, Segment, SegmentSet, TaskKind};

/// Within what time a holder's clinician answers: the deputy is told after half of it, the team manager after all of it (our default).
const ANSWERED_WITHIN: SignedDuration = SignedDuration::from_hours(1);
/// As for how many holders at least as much is written, so that their number does not show in it.
const AT_LEAST: usize = 3;

/// What a hospital tells.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HospitalNoticeGiven {
    /// What has happened.
    pub event: HospitalEvent,
    /// When it did, civil time.
    #[validate(custom(function = "plausible_minute"))]
    pub happened_at: Minute,
    /// The ward's telephone, for who treats the person elsewhere.
    #[validate(custom(function = "valid_phone"))]
    pub ring: String,
}

/// `POST /clients/{ref}/hospital-notices`.
pub struct TellHolders {
    /// The hospital's own reference for the person.
    pub client_ref: Handle,
    /// What is told.
    pub given: HospitalNoticeGiven,
    /// What there is besides.
    pub setting: Setting,
}

/// It is told to whoever holds the person, if anybody does.
#[derive(Debug, Serialize, ToSchema)]
pub struct HospitalNoticeSent {
    /// What the hospital calls it.
    #[schema(value_type = String)]
    pub id: Handle,
    /// Whom to ring meanwhile: the same for everybody, whoever holds the person, and where nobody does.
    pub relay: Relay,
}

impl Command for TellHolders {
    type Action = HospitalTell;
    type Acknowledgement = HospitalNoticeSent;
    // Whether anybody holds the person must not show in the time that the answer takes.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HospitalTell>,
        changes: &mut Changes,
    ) -> Result<Accepted<HospitalNoticeSent>, Rejection> {
        let principal = worker(call)?;
        let (agency, person, now) = (&principal.agency, target_of(permit)?.person, changes.now());
        if self.given.happened_at > Minute::of(self.setting.calendar.civil(now)) {
            let message = "must not be in the future";
            let field = "happened_at";
            return Err(Problem::field(ProblemType::UnprocessableDocument, field, "rule", message).into());
        }
        let ground = match principal.purpose {
            Purpose::VitalInterests => Ground::VitalInterests,
            _ => Ground::Consent,
        };
        let told = self.told(tx, permit, (person, principal), (ground, now))?;
        let version = NewVersion::first(Kind::HospitalNotice, person, agency);
        let HospitalNoticeGiven { event, happened_at, ring } = self.given.clone();
        let by = (agency.clone(), principal.worker.clone());
        let notice =
            HospitalRecord { by, at: now, ground, event, happened_at, ring, told, answers: Vec::new() };
        changes.document_put_sent(tx, &version, &notice)?;
        let id = changes.own_handle(tx, &version)?;
        for holder in &notice.told {
            put_question(changes, &version, holder);
        }
        // Where nobody holds the person as much is written as where somebody does.
        changes.decoys(&version, AT_LEAST.saturating_sub(notice.told.len()));
        let relay = Relay { telephone: self.setting.help_line.clone(), reference: id };
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/hospital-notices/{id}")),
            // A version would change when somebody answers.
            etag: None,
            acknowledgement: HospitalNoticeSent { id, relay },
        })
    }
}

impl TellHolders {
    /// Who is told: all who hold the person where a life is at risk; else those whom she lets know.
    fn told(
        &self,
        tx: &mut Snapshot<'_>,
        permit: &Permit<HospitalTell>,
        (person, principal): (PersonId, &Principal),
        (ground, now): (Ground, Timestamp),
    ) -> Result<Vec<AgencyId>, Error> {
        let directory = self.setting.journal.directory();
        let mut told = holders(tx, permit, person)?;
        told.remove(&principal.agency);
        told.retain(|agency| has_clinician(&directory, agency));
        let consents: Sealed<Consents> = tx.documents_of_person(permit, person, Kind::Consent)?;
        told.retain(|holder| {
            let passing = Passing {
                from: principal.agency.clone(),
                to: holder.clone(),
                purpose: Purpose::PrescribingSafety,
                what: SegmentSet::EMPTY.with(Segment::PhysicalHealth),
                now,
                today: self.setting.calendar.date_of(now),
            };
            ground == Ground::VitalInterests || consents.judge(&passing, may_pass).is_ok()
        });
        Ok(told.into_iter().collect())
    }
}

/// Whether an agency takes part and has anybody who may be told: it is for clinicians alone.
fn has_clinician(directory: &Directory, agency: &AgencyId) -> bool {
    let clinical = DutyRole::Prescriber.roles();
    directory.agency(agency).is_some_and(|agency| {
        agency.status == AgencyStatus::Active && clinical.iter().any(|role| agency.may_assert(*role))
    })
}

/// A holder's clinicians learn of it by a name of their own, at once, and have an hour.
fn put_question(changes: &mut Changes, version: &NewVersion, holder: &AgencyId) {
    let subject = format!("/v1/hospital-notices/{}", changes.handle_new(holder, version));
    changes.notify(holder, EventType::HospitalNoticeChanged, subject.clone());
    let now = changes.now();
    let due_at = now.saturating_add(ANSWERED_WITHIN).unwrap_or(now);
    let (lies_with, kind) = ((holder, DutyRole::Prescriber), TaskKind::AnswerHospital);
    Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, version);
}
