//! Beginning a joint assessment with a landlord, writing one's own part of it, and the plan that the person agreed to.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::joint::{JointRecord, NotTaken, Part, Plan, PlanLine};
use super::refer::Setting;
use super::telling::notify;
use crate::domain::agreed::{consent_required, may_pass};
use crate::domain::task::Halfway;
use crate::domain::validation::{clean_text, plausible_date};
use crate::id::{AgencyId, Handle, WorkerId};
use crate::identity::principal::Principal;
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::HousingWrite;
use crate::policy::permit::Permit;
use crate::problem::{Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, DutyRole, Segment, SegmentSet, TaskKind};

/// Within how many working days each side writes its part (our default).
const WORKING_DAYS: u32 = 5;

/// With whom a joint assessment is begun.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct JointOpened {
    /// The landlord or supported house.
    #[schema(value_type = String)]
    pub provider: AgencyId,
}

/// One side's part: the service's of the need, which the landlord never reads, or the landlord's of the tenancy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PartWritten {
    /// What it says.
    #[validate(custom(function = "clean_text"))]
    pub text: String,
    /// The side's own key worker.
    #[schema(value_type = String)]
    pub key_worker: WorkerId,
}

/// The one plan, as the person agreed to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanAgreed {
    /// What is aimed at.
    #[validate(length(min = 1, max = 20), nested)]
    pub lines: Vec<PlanLine>,
    /// On which day the person agreed.
    #[validate(custom(function = "plausible_date"))]
    #[schema(value_type = String, format = Date)]
    pub agreed_on: Date,
}

/// `POST /clients/{ref}/joint-assessments`.
pub struct AssessJointly {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// With whom.
    pub opened: JointOpened,
    /// What there is besides.
    pub setting: Setting,
}

/// `POST /joint-assessments/{id}/part`.
pub struct WritePart {
    /// What the agency calls it.
    pub id: Handle,
    /// The part.
    pub written: PartWritten,
    /// What there is besides.
    pub setting: Setting,
}

/// `POST /joint-assessments/{id}/plan`.
pub struct AgreePlan {
    /// What the agency calls it.
    pub id: Handle,
    /// The plan.
    pub agreed: PlanAgreed,
    /// What there is besides.
    pub setting: Setting,
}

/// It is begun, or has moved.
#[derive(Debug, Serialize, ToSchema)]
pub struct JointMoved {
    /// What the agency calls it.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for AssessJointly {
    type Action = HousingWrite;
    type Acknowledgement = JointMoved;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HousingWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<JointMoved>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let landlord = &self.opened.provider;
        self.setting.is_provider(landlord)?;
        let what = SegmentSet::EMPTY.with(Segment::Housing);
        let passing = self.setting.passing(agency, landlord, what, changes.now());
        tx.documents_of_person(permit, person, Kind::Consent)?
            .judge(&passing, may_pass)
            .map_err(|()| consent_required("provider"))?;
        let version = NewVersion::first(Kind::JointAssessment, person, agency);
        let joint = JointRecord {
            service: agency.clone(),
            landlord: landlord.clone(),
            begun_at: changes.now(),
            need: None,
            tenancy: None,
            plan: None,
            ended_at: None,
        };
        changes.document_put_sent(tx, &version, &joint)?;
        let id = changes.own_handle(tx, &version)?;
        changes.client_make_known(tx, landlord, version.person)?;
        let theirs = notify(tx, changes, &version, landlord)?;
        let calendar = &self.setting.calendar;
        let today = calendar.date_of(changes.now());
        let due_at = calendar.end_of(calendar.add_working_days(today, WORKING_DAYS));
        let own = format!("/v1/joint-assessments/{id}");
        let duty = match principal.agency_type {
            AgencyType::Probation => DutyRole::Referrals,
            _ => DutyRole::CaseManagement,
        };
        for (lies_with, subject) in [((agency, duty), own.clone()), ((landlord, DutyRole::Housing), theirs)] {
            let kind = TaskKind::WriteAssessmentPart;
            Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, &version);
        }
        Ok(Accepted {
            status: 201,
            location: Some(own),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: JointMoved { id },
        })
    }
}

impl Command for WritePart {
    type Action = HousingWrite;
    type Acknowledgement = JointMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::JointAssessment, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HousingWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<JointMoved>, Rejection> {
        let principal = worker(call)?;
        let current = Current::read(tx, call, principal, permit)?;
        let directory = self.setting.journal.directory();
        let works_there = directory
            .agency(&principal.agency)
            .and_then(|agency| agency.worker(&self.written.key_worker))
            .is_some_and(|worker| worker.active);
        if !works_there {
            let message = "must be an active worker of your own agency";
            let code = "unknown-worker";
            return Err(
                Problem::field(ProblemType::UnprocessableDocument, "key_worker", code, message).into()
            );
        }
        let part = Part {
            text: self.written.text.clone(),
            key_worker: self.written.key_worker.clone(),
            by: (principal.worker.clone(), changes.now()),
        };
        let next = current.joint.revise(&(principal.agency.clone(), part), with_part).map_err(not_taken)?;
        let accepted = current.version.put(tx, changes, &next, (self.id, &principal.agency))?;
        changes.task_done(&principal.agency, TaskKind::WriteAssessmentPart, current.version.0.record);
        Ok(accepted)
    }
}

impl Command for AgreePlan {
    type Action = HousingWrite;
    type Acknowledgement = JointMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::JointAssessment, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<HousingWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<JointMoved>, Rejection> {
        let principal = worker(call)?;
        let current = Current::read(tx, call, principal, permit)?;
        let PlanAgreed { lines, agreed_on } = &self.agreed;
        if *agreed_on > self.setting.calendar.date_of(changes.now()) {
            let message = "must not be in the future";
            return Err(
                Problem::field(ProblemType::UnprocessableDocument, "agreed_on", "rule", message).into()
            );
        }
        let plan = Plan {
            lines: lines.clone(),
            agreed_on: *agreed_on,
            by: (principal.worker.clone(), changes.now()),
        };
        let next = current.joint.revise(&(principal.agency.clone(), plan), with_plan).map_err(not_taken)?;
        Ok(current.version.put(tx, changes, &next, (self.id, &principal.agency))?)
    }
}

/// A joint assessment as it stands, on the version that the caller read.
struct Current {
    joint: Sealed<Document<JointRecord>>,
    version: Next,
}

/// The version to write next.
struct Next(NewVersion);

impl Current {
    fn read(
        tx: &mut Snapshot<'_>,
        call: &Call,
        principal: &Principal,
        permit: &Permit<HousingWrite>,
    ) -> Result<Self, Rejection> {
        let target = target_of(permit)?;
        let record = target.record.ok_or(Error::Corrupt("a joint assessment without a record"))?;
        let joint = tx.document_read::<_, JointRecord>(permit, &principal.agency, record)?;
        require_version(call, &joint)?;
        let version = tx.next_version(record, Kind::JointAssessment, target.person, &target.custodian)?;
        Ok(Self { joint, version: Next(version) })
    }
}

impl Next {
    /// Writes it, and tells the other side.
    fn put(
        &self,
        tx: &mut Snapshot<'_>,
        changes: &mut Changes,
        next: &Sealed<JointRecord>,
        (id, agency): (Handle, &AgencyId),
    ) -> Result<Accepted<JointMoved>, Error> {
        let version = &self.0;
        changes.document_put(tx, version, next)?;
        for (known_to, _) in tx.handles_of_record(version.kind, version.record, version.person)? {
            if known_to != *agency {
                notify(tx, changes, version, &known_to)?;
            }
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, version.record, version.version)),
            acknowledgement: JointMoved { id },
        })
    }
}

fn with_part(
    joint: &Document<JointRecord>,
    (side, part): &(AgencyId, Part),
) -> Result<JointRecord, NotTaken> {
    joint.value.with_part(side, part.clone())
}

fn with_plan(
    joint: &Document<JointRecord>,
    (side, plan): &(AgencyId, Plan),
) -> Result<JointRecord, NotTaken> {
    joint.value.with_plan(side, plan.clone())
}

fn not_taken(against: NotTaken) -> Problem {
    Problem::because(ProblemType::InvalidTransition, against.code())
}
