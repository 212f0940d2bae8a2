//! Sending somebody in to a service, with the consent of that person.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::Led;
use super::model::InboundRecord;
use crate::calendar::Calendar;
use crate::directory::AgencyStatus;
use crate::domain::agreed::{Passing, consent_required, may_pass};
use crate::domain::flag::{Reappeared, tell_reappearance};
use crate::domain::task::Halfway;
use crate::domain::validation::clean_line;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command};
use crate::journal::disclosure::Rejection;
use crate::journal::{Journal, worker};
use crate::policy::action::InboundSend;
use crate::policy::facts::Target;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::Snapshot;
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::Kind;
use crate::vocabulary::{AgencyType, DutyRole, EventType, Purpose, Segment, SegmentSet, TaskKind};

/// Within how many working days the service gets in touch: the time of a first appointment (D1).
const WORKING_DAYS: u32 = 1;

/// Whom police send in, as little as it takes. There is no place for what is known of offences.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InboundSent {
    /// The service: a team, or treatment.
    #[schema(value_type = String)]
    pub service: AgencyId,
    /// What led to it.
    pub led: Led,
    /// The name to call the person by.
    #[validate(custom(function = "clean_line"))]
    pub name: String,
    /// How the person said that she may be reached, if she did.
    #[validate(custom(function = "clean_line"))]
    pub reach: Option<String>,
}

/// `POST /clients/{ref}/inbound-referrals`.
pub struct SendIn {
    /// The sender's own reference for the person.
    pub client_ref: Handle,
    /// What is sent.
    pub sent: InboundSent,
    /// Knows the directory.
    pub journal: Journal,
    /// The working days.
    pub calendar: Arc<Calendar>,
}

/// It was sent. There is no name by which the sender could ask for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SentIn {
    /// To whom.
    #[schema(value_type = String)]
    pub service: AgencyId,
}

impl Command for SendIn {
    type Action = InboundSend;
    type Acknowledgement = SentIn;
    // Flags of others, of which the agency must learn nothing, make a difference in time.
    const TICKS: bool = true;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<InboundSend>,
        changes: &mut Changes,
    ) -> Result<Accepted<SentIn>, Rejection> {
        let principal = worker(call)?;
        let (agency, target) = (&principal.agency, target_of(permit)?);
        let person = target.person;
        let InboundSent { service, led, name, reach } = &self.sent;
        let today = self.calendar.date_of(changes.now());
        let service_type = self.service_type()?;
        let what = SegmentSet::EMPTY.with(Segment::Identity).with(Segment::Contact);
        let (from, to, purpose, now) = (agency.clone(), service.clone(), Purpose::Referral, changes.now());
        tx.documents_of_person(permit, person, Kind::Consent)?
            .judge(&Passing { from, to, purpose, what, now, today }, may_pass)
            .map_err(|()| consent_required("service"))?;
        // The service's own from the first version on, so that the sender is no party of it.
        let version = NewVersion::first(Kind::InboundReferral, person, service);
        let came = InboundRecord {
            from: agency.clone(),
            led: *led,
            name: name.clone(),
            reach: reach.clone(),
            at: now,
            answered: None,
            withdrawn_at: None,
        };
        changes.document_put_sent(tx, &version, &came)?;
        // The entry says to whom: it is the service's record, and its row in the person's account.
        changes.concerns(Target {
            record: Some(version.record),
            custodian: service.clone(),
            custodian_type: service_type,
            ..target.clone()
        });
        let id = changes.handle_new(service, &version);
        changes.client_make_known(tx, service, person)?;
        let subject = format!("/v1/inbound-referrals/{id}");
        changes.notify(service, EventType::InboundReferralCame, subject.clone());
        let due_at = self.calendar.end_of(self.calendar.add_working_days(today, WORKING_DAYS));
        let lies_with = (service, DutyRole::Referrals);
        let kind = TaskKind::AnswerInboundReferral;
        Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, &version);
        tell_reappearance(tx, permit, changes, person, Reappeared::Referred, agency, None)?;
        let acknowledgement = SentIn { service: service.clone() };
        Ok(Accepted { status: 201, location: None, etag: None, acknowledgement })
    }
}

impl SendIn {
    fn service_type(&self) -> Result<AgencyType, Problem> {
        let directory = self.journal.directory();
        let takes_in = |agency_type| matches!(agency_type, AgencyType::Cjit | AgencyType::Treatment);
        let service = directory
            .agency(&self.sent.service)
            .filter(|agency| agency.status == AgencyStatus::Active && takes_in(agency.agency_type));
        let message = "must be an active team or treatment service";
        let problem =
            || Problem::field(ProblemType::UnprocessableDocument, "service", "unknown-agency", message);
        service.map(|agency| agency.agency_type).ok_or_else(problem)
    }
}
