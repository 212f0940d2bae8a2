//! Having an eviction held back, saying again whether the tenant attends, and ending that.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::codes::Attending;
use super::hold::{Attestation, HoldRecord};
use super::refer::Setting;
use super::telling::notify;
use crate::calendar::add_months_clamped;
use crate::domain::agreed::{consent_required, may_pass};
use crate::domain::task::Halfway;
use crate::id::{AgencyId, Handle};
use crate::journal::call::Call;
use crate::journal::command::{Accepted, Command, require_version};
use crate::journal::disclosure::Rejection;
use crate::journal::sealed::Sealed;
use crate::journal::worker;
use crate::policy::action::EvictionHoldWrite;
use crate::policy::permit::Permit;
use crate::problem::{FieldProblem, Problem, ProblemType};
use crate::store::change::{Changes, NewVersion};
use crate::store::facts::{Subject, target_of};
use crate::store::record::{Document, Kind};
use crate::store::{Error, Snapshot};
use crate::vocabulary::{AgencyType, DutyRole, Segment, SegmentSet, TaskKind};

/// After how many months the service says again whether the tenant attends (our default).
const AGAIN_AFTER_MONTHS: i32 = 1;

/// A hold as it is begun: the landlord holds back, because the tenant attends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EvictionHeldBack {
    /// The landlord.
    #[schema(value_type = String)]
    pub provider: AgencyId,
    /// Whether the tenant attends.
    pub attending: Attending,
}

/// What the service says again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Attested {
    /// Whether the tenant attends.
    pub attending: Attending,
}

/// `POST /clients/{ref}/eviction-holds`.
pub struct HoldBackEviction {
    /// The agency's own reference for the person.
    pub client_ref: Handle,
    /// The hold.
    pub held: EvictionHeldBack,
    /// What there is besides.
    pub setting: Setting,
}

/// What is done to a hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HoldAct {
    /// The service says again whether the tenant attends.
    Attest(Attested),
    /// It ends.
    End,
}

/// `POST /eviction-holds/{id}/attestations` and `POST /eviction-holds/{id}/ending`.
pub struct ActOnHold {
    /// What the agency calls the hold.
    pub id: Handle,
    /// What is done.
    pub act: HoldAct,
    /// What there is besides.
    pub setting: Setting,
}

/// It is done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = EvictionHoldMoved)]
pub struct HoldMoved {
    /// What the agency calls the hold.
    #[schema(value_type = String)]
    pub id: Handle,
}

impl Command for HoldBackEviction {
    type Action = EvictionHoldWrite;
    type Acknowledgement = HoldMoved;

    fn subject(&self) -> Subject {
        Subject::Client(self.client_ref)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<EvictionHoldWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<HoldMoved>, Rejection> {
        let principal = worker(call)?;
        let (agency, person) = (&principal.agency, target_of(permit)?.person);
        let EvictionHeldBack { provider, attending } = &self.held;
        self.setting.is_provider(provider)?;
        let what = SegmentSet::EMPTY.with(Segment::Attendance);
        let passing = self.setting.passing(agency, provider, what, changes.now());
        tx.documents_of_person(permit, person, Kind::Consent)?
            .judge(&passing, may_pass)
            .map_err(|()| consent_required("provider"))?;
        let version = NewVersion::first(Kind::EvictionHold, person, agency);
        let first = Attestation { attending: *attending, by: principal.worker.clone(), at: changes.now() };
        let hold = HoldRecord { provider: provider.clone(), attested: vec![first], ended_at: None };
        changes.document_put_sent(tx, &version, &hold)?;
        let id = changes.own_handle(tx, &version)?;
        changes.client_make_known(tx, provider, version.person)?;
        notify(tx, changes, &version, provider)?;
        remind(changes, &version, &self.setting, id);
        Ok(Accepted {
            status: 201,
            location: Some(format!("/v1/eviction-holds/{id}")),
            etag: Some(tx.etag(agency, version.record, 1)),
            acknowledgement: HoldMoved { id },
        })
    }
}

impl Command for ActOnHold {
    type Action = EvictionHoldWrite;
    type Acknowledgement = HoldMoved;

    fn subject(&self) -> Subject {
        Subject::Record(Kind::EvictionHold, self.id)
    }

    fn prepare(
        &self,
        tx: &mut Snapshot<'_>,
        call: &Call,
        permit: &Permit<EvictionHoldWrite>,
        changes: &mut Changes,
    ) -> Result<Accepted<HoldMoved>, Rejection> {
        let (principal, target) = (worker(call)?, target_of(permit)?);
        let agency = &principal.agency;
        let record = target.record.ok_or(Error::Corrupt("a hold without a record"))?;
        let current = tx.document_read::<_, HoldRecord>(permit, agency, record)?;
        require_version(call, &current)?;
        let said = match &self.act {
            HoldAct::Attest(Attested { attending }) => Some(*attending),
            HoldAct::End => None,
        };
        let attestation =
            said.map(|attending| Attestation { attending, by: principal.worker.clone(), at: changes.now() });
        let next = current.revise(&(attestation, changes.now()), after).map_err(|()| has_ended())?;
        let version = tx.next_version(record, Kind::EvictionHold, target.person, agency)?;
        changes.document_put(tx, &version, &next)?;
        notify(tx, changes, &version, &self.provider(&next)?)?;
        match &self.act {
            HoldAct::Attest(_) => {
                changes.task_done(agency, TaskKind::AttestAttendance, record);
                remind(changes, &version, &self.setting, self.id);
            }
            HoldAct::End => changes.task_lapse(agency, TaskKind::AttestAttendance, record),
        }
        Ok(Accepted {
            status: 200,
            location: None,
            etag: Some(tx.etag(agency, record, version.version)),
            acknowledgement: HoldMoved { id: self.id },
        })
    }
}

impl ActOnHold {
    /// The landlord: found by its place in the directory, so that nothing else leaves the record.
    fn provider(&self, next: &Sealed<HoldRecord>) -> Result<AgencyId, Error> {
        let directory = self.setting.journal.directory();
        let housing = directory.iter().filter(|agency| agency.agency_type == AgencyType::Housing);
        let agencies: Vec<AgencyId> = housing.map(|agency| agency.id.clone()).collect();
        let at = next
            .pick(&agencies, |hold, agencies| agencies.iter().position(|agency| *agency == hold.provider));
        at.and_then(|at| agencies.get(at)).cloned().ok_or(Error::Corrupt("a hold at no landlord"))
    }
}

/// The service says again whether the tenant attends, within a month.
fn remind(changes: &mut Changes, version: &NewVersion, setting: &Setting, id: Handle) {
    let calendar = &setting.calendar;
    let due_at = calendar.end_of(add_months_clamped(calendar.date_of(changes.now()), AGAIN_AFTER_MONTHS));
    let (lies_with, kind) = ((&version.custodian, DutyRole::Spoc), TaskKind::AttestAttendance);
    let subject = format!("/v1/eviction-holds/{id}");
    Halfway { lies_with, holder: None, kind, subject, due_at }.put(changes, version);
}

fn after(
    document: &Document<HoldRecord>,
    (attestation, at): &(Option<Attestation>, jiff::Timestamp),
) -> Result<HoldRecord, ()> {
    let mut next = document.value.clone();
    if next.ended_at.is_some() {
        return Err(());
    }
    match attestation {
        Some(attestation) => next.attested.push(attestation.clone()),
        None => next.ended_at = Some(*at),
    }
    Ok(next)
}

fn has_ended() -> Problem {
    let errors = vec![FieldProblem::new("hold", "hold-ended", "has ended")];
    Problem { errors, ..Problem::because(ProblemType::InvalidTransition, "hold-ended") }
}
